import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { literals } from "../../constructs/literals.ts";

/** What Terraform makes of a string in which nothing is a template: `$${` stands for `${`, and `%%{` for `%{`. */
function asTerraformReads(text: string): string {
  expect(text).not.toMatch(/(^|[^$])\$\{|(^|[^%])%\{/); // an expression, or a directive
  return text.replaceAll("$${", "${").replaceAll("%%{", "%{");
}

describe("literals", () => {
  test.each([
    ["${aws_ssm_parameter.password.value}", "$${aws_ssm_parameter.password.value}"],
    ["%{ if true }yes%{ endif }", "%%{ if true }yes%%{ endif }"],
    ["costs $5, saves 20 %, {braces}", "costs $5, saves 20 %, {braces}"],
    ["^https://app\\.example\\.com/cb$", "^https://app\\.example\\.com/cb$"],
  ])("makes a text of %j", (text, expected) => expect(literals(text)).toBe(expected));

  test("of any text without a doubled sign are read by Terraform as that text", () => {
    const part = fc.constantFrom("${", "%{", "}", "$ ", "% ", "a", '"', "\n");
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const text = parts.join("");
        expect(asTerraformReads(literals(text))).toBe(text);
      }),
    );
  });

  test("are made wherever a string stands, and nothing else is touched", () => {
    const pattern = { list: ["${a}", { deep: "%{b}" }], number: 1, flag: false, nothing: null, absent: undefined };
    expect(literals(pattern)).toEqual({
      list: ["$${a}", { deep: "%%{b}" }],
      number: 1,
      flag: false,
      nothing: null,
      absent: undefined,
    });
    expect(pattern.list[0]).toBe("${a}"); // a copy
  });
});
