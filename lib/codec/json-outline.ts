import { err, ok, type Result } from '../domain/shared/result.ts';

/** Where a list of the outermost object lies in a body, in bytes. */
export interface ListOutline {
  /** Offset just after each element: of the comma that follows it, or of the closing bracket. */
  readonly elementEnds: readonly number[];
  /** Offset of the closing bracket. */
  readonly close: number;
}

export interface JsonOutline {
  /** Members of all objects together, repeated names counted each time. */
  readonly members: number;
  /** The asked list; null when there is none or it never ends. */
  readonly list: ListOutline | null;
}

export interface OutlineLimits {
  readonly depth: number;
  readonly keysPerObject: number;
}

interface Scan {
  readonly keysAtDepth: Uint32Array;
  depth: number;
  members: number;
  keyStart: number;
  keyEnd: number;
  elementEnds: number[];
  listOpen: boolean;
  list: ListOutline | null;
}

const quoteByte = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openList = 0x5b;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/**
 * Looks over a JSON text once, in linear time and constant memory, before anything parses it:
 * bounds its depth and the members of each object, and finds the elements of one list of the
 * outermost object. Of a text that is not JSON it says something harmless; the parser decides.
 * JSON's structure is ASCII, so invalid UTF-8 does not disturb it. The failure is a sentence.
 */
export function outlineJson(
  bytes: Uint8Array,
  listName: string | null,
  limits: OutlineLimits,
): Result<JsonOutline, string> {
  const scan: Scan = {
    keysAtDepth: new Uint32Array(limits.depth + 1),
    depth: 0,
    members: 0,
    keyStart: 0,
    keyEnd: 0,
    elementEnds: [],
    listOpen: false,
    list: null,
  };
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === quoteByte) at = passString(scan, bytes, at);
    else {
      const problem = step(scan, bytes, { at, listName, limits });
      if (problem !== null) return err(problem);
    }
  }
  return ok({ members: scan.members, list: scan.list });
}

interface Place {
  readonly at: number;
  readonly listName: string | null;
  readonly limits: OutlineLimits;
}

/** Takes in one byte outside of texts; gives the sentence about a limit that it breaks. */
function step(scan: Scan, bytes: Uint8Array, { at, listName, limits }: Place): string | null {
  const byte = bytes[at] ?? 0;
  switch (byte) {
    case openObject:
    case openList:
      if (scan.depth === limits.depth) return tooDeep(limits);
      open(scan, byte === openList && listName === keyText(scan, bytes));
      return null;
    case closeObject:
    case closeList:
      close(scan, at);
      return null;
    case comma:
      endElement(scan, at);
      return null;
    case colon:
      return countMember(scan) > limits.keysPerObject ? tooManyKeys(limits) : null;
    default:
      return null;
  }
}

/** Moves to the closing quote, and remembers the text where it may be a name of the outermost. */
function passString(scan: Scan, bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== quoteByte) at += bytes[at] === backslash ? 2 : 1;
  if (scan.depth === 1) {
    scan.keyStart = start + 1;
    scan.keyEnd = at;
  }
  return at;
}

const longestListName = 64;

function keyText(scan: Scan, bytes: Uint8Array): string | null {
  if (scan.depth !== 1 || scan.keyEnd - scan.keyStart > longestListName) return null;
  return String.fromCharCode(...bytes.subarray(scan.keyStart, scan.keyEnd));
}

function open(scan: Scan, isAskedList: boolean): void {
  scan.depth += 1;
  scan.keysAtDepth[scan.depth] = 0;
  if (!isAskedList) return;
  scan.listOpen = true;
  scan.elementEnds = [];
}

function close(scan: Scan, at: number): void {
  if (scan.listOpen && scan.depth === 2) {
    scan.listOpen = false;
    scan.list = { elementEnds: [...scan.elementEnds, at], close: at };
  }
  scan.depth = Math.max(0, scan.depth - 1);
}

function endElement(scan: Scan, at: number): void {
  if (scan.listOpen && scan.depth === 2) scan.elementEnds.push(at);
}

function countMember(scan: Scan): number {
  scan.members += 1;
  const count = (scan.keysAtDepth[scan.depth] ?? 0) + 1;
  scan.keysAtDepth[scan.depth] = count;
  return count;
}

const tooDeep = (limits: OutlineLimits): string =>
  `The body nests more than ${limits.depth} levels of objects and lists.`;

const tooManyKeys = (limits: OutlineLimits): string =>
  `An object in the body has more than ${limits.keysPerObject} members.`;
