import { describe, expect, test } from "@jest/globals";
import type { TerraformJson } from "./blocks.ts";
import { addressesIn, cycle, danglingReferences, unread, unused } from "./references.ts";

/** A stack of a few resources: `{ aws_x: { name: { ... } } }`. */
const stack = (resource: TerraformJson["resource"]): TerraformJson => ({ resource });

describe("references", () => {
  test.each([
    ["${aws_lb.x.arn}", ["aws_lb.x"]],
    ["a-${aws_lb.x-1_AB.arn}/${data.aws_region.y.name}:*", ["aws_lb.x-1_AB", "data.aws_region.y"]],
    ["${ephemeral.aws_ssm_parameter.p.value}", ["ephemeral.aws_ssm_parameter.p"]],
    ["${element(sort(data.aws_zones.z.names), 0)}", ["data.aws_zones.z"]],
    ["${tolist(aws_acm.c.options)[0].record.name}", ["aws_acm.c"]],
    ['${join(".", [aws_a.b.c, "x.y ${aws_d.e.f} }"])}', ["aws_d.e", "aws_a.b"]],
    ["${{ key = aws_a.b.c }}", ["aws_a.b"]],
    ["%{ if aws_a.b.c }yes%{ endif }", ["aws_a.b"]],
    ['[{"value":"jdbc://${aws_rds.c.endpoint}:5432"}]', ["aws_rds.c"]],
    ["$${aws_a.b.c} %%{ if aws_a.b.c } aws_a.b.c", []],
  ])("are read in %s", (text, addresses) => {
    expect(addressesIn(text)).toEqual(addresses);
  });

  test.each(["${aws_a.b", String.raw`{"a":"\${join(\",\", aws_a.b.c)}"}`])("Terraform cannot read %s", (text) => {
    expect(() => addressesIn(text)).toThrow("cannot read the expression");
  });

  test("are missed where they lead nowhere: in arguments, in nested JSON, in depends_on, in outputs", () => {
    const json: TerraformJson = {
      resource: {
        aws_a: { x: { list: [{ to: "${aws_b.y.id}" }], depends_on: ["aws_c.z"], ok: "${data.aws_d.d.id}" } },
        aws_b: {
          x: { json: '[{"to":"${ephemeral.aws_e.e.id}"}]', lifecycle: { replace_triggered_by: ["aws_a.y.id"] } },
        },
      },
      data: { aws_d: { d: { to: "${data.aws_d.e.id}" } } },
      output: { o: { value: "${aws_a.x.id}${aws_b.z.id}" } },
      provider: { aws: [{ region: "${var.region}" }] },
    };
    expect(danglingReferences(json)).toEqual([
      "aws_a.x refers to aws_b.y, which is not there",
      "aws_a.x refers to aws_c.z, which is not there",
      "aws_b.x refers to ephemeral.aws_e.e, which is not there",
      "aws_b.x refers to aws_a.y, which is not there",
      "data.aws_d.d refers to data.aws_d.e, which is not there",
      "output.o refers to aws_b.z, which is not there",
      "provider.aws refers to var.region, which is not there",
    ]);
  });

  test("are found where they go round in circles", () => {
    const line = { aws_a: { x: { to: "${aws_b.x.id}" } }, aws_b: { x: { to: "${data.aws_c.x.id}" } } };
    expect(cycle({ resource: line, data: { aws_c: { x: {} } } })).toBeUndefined();
    expect(cycle({ resource: line, data: { aws_c: { x: { depends_on: ["aws_a.x"] } } } })).toEqual([
      "aws_a.x",
      "aws_b.x",
      "data.aws_c.x",
      "aws_a.x",
    ]);
    expect(cycle(stack({ aws_a: { x: { self: "${aws_a.x.id}" } } }))).toEqual(["aws_a.x", "aws_a.x"]);
  });

  test("are wanted from what uses a resource; those of its belongings do not count", () => {
    const json = stack({
      aws_security_group: { used: {}, unused: {} },
      aws_rule: { r: { group: "${aws_security_group.unused.id}" } },
      aws_lb: { l: { groups: ["${aws_security_group.used.id}"] } },
    });
    expect(unused(json, { aws_security_group: ["aws_lb"] })).toEqual(["aws_security_group.unused"]);
  });

  test("are wanted to every data source", () => {
    const data = { aws_region: { read: {}, unread: {} } };
    expect(unread({ data, output: { o: { value: "${data.aws_region.read.id}" } } })).toEqual([
      "data.aws_region.unread",
    ]);
  });
});
