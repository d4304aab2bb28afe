import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { contains, overlaps, parseCidr, part, type Cidr } from "../../../constructs/vpc/cidr.ts";

const cidr = (text: string): Cidr => parseCidr(text)!;
const last = ({ first, prefix }: Cidr) => first + 2 ** (32 - prefix) - 1;

/** Any range, host bits zero. */
const anyRange = fc
  .record({ address: fc.ipV4(), prefix: fc.nat(32) })
  .map(({ address, prefix }) => cidr(`${address}/${prefix}`));

describe("a range is read", () => {
  test.each([
    ["10.0.0.0/16", "10.0.0.0/16", 0x0a000000],
    ["10.0.0.7/16", "10.0.0.0/16", 0x0a000000],
    ["203.0.113.7/32", "203.0.113.7/32", 0xcb007107],
    ["255.255.255.255/1", "128.0.0.0/1", 0x80000000],
    ["255.255.255.255/0", "0.0.0.0/0", 0],
  ])("%s", (text, normal, first) => {
    expect(parseCidr(text)).toEqual({ text: normal, first, prefix: Number(text.split("/")[1]) });
  });

  test("the same as it is written", () => {
    fc.assert(fc.property(anyRange, (range) => expect(parseCidr(range.text)).toEqual(range)));
  });
});

test.each([
  "",
  "10.0.0.0",
  "10.0.0/16",
  "10.0.0.0/33",
  "10.0.0.256/8",
  "10.0.0.0/",
  "2001:db8::/32",
  " 10.0.0.0/8",
  "0x0.0.0.0/8",
])("%j is no range", (text) => expect(parseCidr(text)).toBeUndefined());

describe("a part of a range is that of Terraform's cidrsubnet", () => {
  // Examples of https://developer.hashicorp.com/terraform/language/functions/cidrsubnet
  test.each([
    ["172.16.0.0/12", 4, 2, "172.18.0.0/16"],
    ["10.1.2.0/24", 4, 15, "10.1.2.240/28"],
    ["0.0.0.0/0", 8, 10, "10.0.0.0/8"],
    ["10.0.0.0/16", 0, 0, "10.0.0.0/16"],
  ])("cidrsubnet(%j, %d, %d)", (range, bits, index, expected) => {
    expect(part(cidr(range), bits, index).text).toBe(expected);
  });

  test("all of them lie in it, one after the other, up to its end", () => {
    fc.assert(
      fc.property(anyRange, fc.nat(4), (range, bits) => {
        fc.pre(range.prefix + bits <= 32);
        const parts = Array.from({ length: 2 ** bits }, (_, index) => part(range, bits, index));
        expect(parts.every((one) => contains(range, one))).toBe(true);
        expect(parts.map(({ first }) => first)).toEqual([
          range.first,
          ...parts.slice(0, -1).map((one) => last(one) + 1),
        ]);
        expect(last(parts.at(-1)!)).toBe(last(range));
      }),
    );
  });
});

describe("ranges within and over each other", () => {
  test.each([
    ["10.0.0.0/8", "10.255.0.0/16", true, true],
    ["10.255.0.0/16", "10.0.0.0/8", false, true],
    ["10.0.0.0/16", "10.0.0.0/16", true, true],
    ["10.0.0.0/17", "10.0.128.0/17", false, false],
    ["0.0.0.0/0", "255.255.255.255/32", true, true],
    ["128.0.0.0/1", "127.255.255.255/32", false, false],
  ])("%s and %s", (one, other, within, over) => {
    expect(contains(cidr(one), cidr(other))).toBe(within);
    expect(overlaps(cidr(one), cidr(other))).toBe(over);
  });

  test("are as their first and last addresses say", () => {
    const near = anyRange.chain((range) =>
      fc.tuple(
        fc.constant(range),
        fc.oneof(
          anyRange,
          fc.nat(32).map((prefix) => cidr(`${range.text.split("/")[0]}/${prefix}`)),
        ),
      ),
    );
    fc.assert(
      fc.property(near, ([one, other]) => {
        expect(contains(one, other)).toBe(one.first <= other.first && last(other) <= last(one));
        expect(overlaps(one, other)).toBe(one.first <= last(other) && other.first <= last(one));
        expect(overlaps(other, one)).toBe(overlaps(one, other));
      }),
    );
  });
});
