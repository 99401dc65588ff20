/** A binary heap of vertices by distance; a vertex pushed again with less leaves its older entry to be passed over. */
export class VertexHeap {
  readonly #vertex: number[] = [];
  readonly #distance: number[] = [];

  #size = 0;

  clear(): void {
    this.#size = 0;
  }

  get size(): number {
    return this.#size;
  }

  /** Distance of the nearest entry. */
  get nearest(): number {
    return this.#distance[0] as number;
  }

  push(vertex: number, distance: number): void {
    const vertices = this.#vertex;
    const distances = this.#distance;
    let at = this.#size;
    this.#size += 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if ((distances[up] as number) <= distance) break;
      distances[at] = distances[up] as number;
      vertices[at] = vertices[up] as number;
      at = up;
    }
    distances[at] = distance;
    vertices[at] = vertex;
  }

  /** The nearest vertex; the heap must not be empty. */
  pop(): number {
    const vertices = this.#vertex;
    const distances = this.#distance;
    const nearest = vertices[0] as number;
    this.#size -= 1;
    const size = this.#size;
    const vertex = vertices[size] as number;
    const distance = distances[size] as number;
    let at = 0;
    for (let down = 1; down < size; down = 2 * at + 1) {
      if (down + 1 < size && (distances[down + 1] as number) < (distances[down] as number)) down += 1;
      if ((distances[down] as number) >= distance) break;
      distances[at] = distances[down] as number;
      vertices[at] = vertices[down] as number;
      at = down;
    }
    distances[at] = distance;
    vertices[at] = vertex;
    return nearest;
  }
}
