/** Said before or after the question itself, whatever it is about. */
export const before: readonly string[] = [
  '{hi|hello|hey|good morning|morning|good evening|excuse me|sorry|ok|okay|so|well|um|right|listen|alright|hey there|hiya|yo|erm|ah|oh|quick one|quick question|one question|question|one thing|tell me|hmm|eh|ok so|right so|sorry to bother|sorry but|um so|hey so|well then|now then|just wondering|just asking|i wonder|i was wondering|can you tell me|could you tell me|do you know|please tell me|i want to ask|i would like to ask|may i ask|let me ask|dear system|hello system|computer|assistant|truecount}',
  '{hi|hello|hey|morning|right|so|ok|um|well|alright|listen} {team|mate|there|all|everybody|you|again|guys|quickly|then|sorry|anyone}',
  '{i am|im|we are|standing|am} {at|by|in front of|next to|near|on the way to} {the shelf|the till|the desk|the back room|aisle #|the dock|the counter|bay #|the display|the fridge|checkout #|the office|dairy|produce|the bakery|electronics|the drinks|toys|the top stock}[ {now|and|right now}]',
  '{it is|this is|its} {about|regarding|concerning|to do with|on} {it|{it}|the card|this card|the alert|that thing|{kindword}}',
  '{just saw|just got|i see|i have|looking at|opened|i opened|just opened|got|i got} {this card|the alert|{kindword}|this on the screen|a card|one of these cards|the thing on my {screen}|this one}[ {and|so|now}]',
  '{it is|we are|im|i am} {very busy|quite full|saturday|almost closing|just opening|monday morning|raining|a slow day|black friday|late|alone today|two today|in a hurry|here since six|on the early shift|on the late shift|a bit stressed|tired}[ {here|today|and|so}]',
  'my {colleague|boss|lead|friend|workmate|supervisor|team} {asked me|says you know this|told me to ask|sent me to ask|wants to know|said ask you|does not know either|is asking}',
  'i have {gloves on|a question|no idea|this card open|one question|a quick question|# minutes|one hand free|my hands full|been here since six|been asked}[ {so|and|but}]',
  '{kindword}',
  '{kindword} {again|here|now|today|in aisle #}',
  '{it}',
  '{about|regarding|for|with|on|re} {it}',
  '{the truck|the delivery|the rep|the inspector|the other shift|my break|the meeting|the cleaner|the rush} {has just left|just left|is over|is gone|was here|just ended|came early}[ {and|so}]',
  '{ok|so|right|um|well|hey} {i am|im|we are} {at the shelf|in the back|here|on the floor|at my desk|new here|standing here|with {it} now}',
  '{for|about|with} {my|the|this} {store|department|aisle|section|bay|shift|team}',
  '{my english is not so good|sorry for my english|i speak little english|how do you say}',
  '{in this case|in such a case|here|now|then|at the moment|currently|today|this morning|this time|at this point|in general|basically|actually|honestly|frankly|really|seriously|by the way|btw|fyi}',
  'as {a new starter|an associate|the shift lead|a manager|somebody new|section head|a temp|the closing manager|the deputy}',
  '{kindly|please|pls|would you kindly|be so kind|please do|for the record|for the team|for my notes|for my understanding|on behalf of the team|the team asks|colleagues ask|staff ask}',
  '{i read|i have read|i looked at|i checked|i saw} {the card|the text|the screen|it|all of it|the details}[ {but|and|twice}]',
  '{just|only|a} {quick|short|small|stupid|silly|simple|basic|dumb} {one|question|thing}',
  '{we|i} {had|got|have} {this|it|one of these|the same} {yesterday|last week|before|once|this morning}[ {too|already|as well|and|but}]',
];

export const after: readonly string[] = [
  '{please|thanks|thank you|pls|plz|asap|quickly|exactly|then|right now|briefly|in short|cheers|ta|mate|please tell|urgent|thx|many thanks|thank you very much|kindly|today|now|here|again|sorry|if you can|if possible|when you can|boss|buddy|folks|lol|haha|hm|eh|huh|right|or what|or not|you know|i mean|tell me|do you know|any idea|as soon as possible|real quick|in one sentence|short answer please}',
  '{i am new here|it is my first week|be quick|i am in a hurry|no idea|i have to go soon|the shop is filling up|my break starts|we open in # minutes|we close soon|someone is waiting for my answer|just so i know|for next time too|asking for a colleague|it is saturday|i am at the shelf|i am in the back}',
  '{for {it}|with {it}|about {it}|in aisle #|in bay #|on {it}|regarding {it}|re {it}|in our store|in this shop|in my section|on this shift|for this card|with this card|in this case|in this situation}',
  '{i|we} {never|always} {know|remember|forget|get it right}',
];
