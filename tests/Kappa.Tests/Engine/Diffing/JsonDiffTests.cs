using System.Text;
using Kappa.Engine.Diffing;

namespace Kappa.Tests.Engine.Diffing;

public sealed class JsonDiffTests
{
    [Theory]
    [InlineData("{}", "{}")]
    [InlineData("""{"a":1,"b":{"c":[1,2]}}""", """{ "b" : {"c":[ 1, 2 ]}, "a":1 }""")]
    [InlineData("""{"a":1,"b":2,"c":3,"d":4}""", """{"d":4,"c":3,"b":2,"a":1}""")]
    [InlineData("""{"total":1.50}""", """{"total":1.5}""")]
    [InlineData("""{"name":"Zo\u00eb \/"}""", """{"name":"Zoë /"}""")]
    [InlineData("""{"\u0061":1}""", """{"a":1}""")]
    [InlineData("""["\ud800"]""", """["\ud800"]""")]
    [InlineData("null", " null ")]
    [InlineData("", "")]
    public void Texts_that_mean_the_same_have_no_difference(string before, string after)
    {
        Assert.Equal("", Diff(before, after));
        Assert.Equal("", Diff(after, before));
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"a":2}""", "/a 1 > 2")]
    [InlineData("""{"a":null}""", "{}", "/a null > ")]
    [InlineData("{}", """{"a":null}""", "/a  > null")]
    [InlineData("""{"a":true}""", """{"a":false}""", "/a true > false")]
    [InlineData("""{"a":{"b":1}}""", """{"a":[1]}""", """/a {"b":1} > [1]""")]
    [InlineData("""{"a":"1"}""", """{"a":1}""", """/a "1" > 1""")]
    [InlineData("""{"a":1,"b":2}""", """{"a":1,"average":{"x":[1]},"b":3}""", """/b 2 > 3; /average  > {"x":[1]}""")]
    [InlineData("""{"m":[{"t":1},{"t":2}]}""", """{"m":[{"t":1},{"t":3},{"t":4}]}""", """/m/1/t 2 > 3; /m/2  > {"t":4}""")]
    [InlineData("[1,2,3]", "[1]", "/1 2 > ; /2 3 > ")]
    [InlineData("1", "2", " 1 > 2")]
    [InlineData("""{"a/b":{"c~d":1}}""", """{"a/b":{"c~d":2}}""", "/a~1b/c~0d 1 > 2")]
    [InlineData("""{"":{"é":1}}""", """{"":{"\u00e9":2}}""", "//é 1 > 2")]
    [InlineData("""{"a":1,"a":2}""", """{"b":1,"a":3}""", "/a 2 > 3; /b  > 1")]
    [InlineData("""["\ud800"]""", """["\ud801"]""", """/0 "\ud800" > "\ud801" """)]
    [InlineData("", """{"a":1}""", """  > {"a":1}""")]
    [InlineData("""{"a":1}""", "", """ {"a":1} > """)]
    public void A_difference_has_its_pointer_and_both_values(string before, string after, string expected) =>
        Assert.Equal(expected.TrimEnd(), Diff(before, after).TrimEnd());

    [Theory]
    [InlineData("1.50", "1.5", true)]
    [InlineData("100", "1E2", true)]
    [InlineData("0.00120", "12e-4", true)]
    [InlineData("-0", "0.0", true)]
    [InlineData("0e99999999999", "0", true)]
    [InlineData("10e399", "1e400", true)]
    [InlineData("123.456", "1.23456e+2", true)]
    [InlineData("1", "-1", false)]
    [InlineData("1", "10", false)]
    [InlineData("101", "11", false)]
    [InlineData("1.01", "1.1", false)]
    [InlineData("0.1", "0.01", false)]
    [InlineData("9007199254740993", "9007199254740992", false)]
    [InlineData("1.0000000000000000000000000000000000001", "1", false)]
    [InlineData("1e99999999999", "10e99999999998", false)]
    [InlineData("0", "0.0000000000000000000000000000000000001", false)]
    public void Numbers_are_the_same_if_their_values_are_to_the_last_digit(string a, string b, bool same)
    {
        Assert.Equal(same, Diff(a, b).Length == 0);
        Assert.Equal(same, Diff(b, a).Length == 0);
    }

    [Fact]
    public void Fields_have_a_star_for_the_places_of_arrays_and_for_nothing_else()
    {
        var fields = new List<string>();
        JsonDiff.Of(
            """{"m":[{"3":1}],"3":[[0]],"n":0}"""u8.ToArray(), """{"m":[{"3":2},7],"3":[[1]],"n":1}"""u8.ToArray(), fields);
        Assert.Equal(["/m/*/3", "/m/*", "/3/*/*", "/n"], fields);
    }

    [Theory]
    [InlineData("/averageOrder", "/averageOrder", true)]
    [InlineData("averageOrder", "/averageOrder", true)]
    [InlineData("averageOrder", "/averageOrder/net", true)]
    [InlineData("/averageOrder", "/averageOrders", false)]
    [InlineData("/months", "/months/*/average", true)]
    [InlineData("/months/*/average", "/months/*/average", true)]
    [InlineData("months/*/average", "/months/*/average", true)]
    [InlineData("/months/*/average", "/months/*", false)]
    [InlineData("/months/*/average", "/months/*/total", false)]
    [InlineData("/a", "", false)]
    [InlineData("a", "", false)]
    [InlineData("", "/a", true)]
    [InlineData("", "", true)]
    public void A_rule_covers_its_field_and_what_is_inside(string rule, string field, bool covered) =>
        Assert.Equal(covered, FieldPath.Covers(rule, field));

    [Fact]
    public void A_state_as_deep_as_five_hundred_levels_is_compared()
    {
        static string Nested(string inner) => new string('[', 500) + inner + new string(']', 500);
        Assert.Equal(string.Concat(Enumerable.Repeat("/0", 500)) + " 1 > 2", Diff(Nested("1"), Nested("2")));
    }

    private static string Diff(string before, string after) => string.Join("; ",
        from field in JsonDiff.Of(Encoding.UTF8.GetBytes(before), Encoding.UTF8.GetBytes(after))
        select $"{field.Path} {Encoding.UTF8.GetString(field.Before.Span)} > {Encoding.UTF8.GetString(field.After.Span)}");
}
