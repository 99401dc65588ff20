/** What guidance says when it has nothing to say. The same words whether there is no procedure or none for this reader. */
export const ABSTAINED = 'The procedures that you may see do not answer this. Ask the manager on duty.';
