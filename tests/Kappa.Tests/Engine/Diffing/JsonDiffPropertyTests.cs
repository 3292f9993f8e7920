using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Kappa.Engine.Diffing;
using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Tests.Engine.Diffing;

public sealed class JsonDiffPropertyTests(ITestOutputHelper output)
{
    private static readonly string[] _names = ["a", "b", "total", "a/b", "~", "é", "0", "*"];
    private static readonly string[] _scalars = ["null", "true", "false", "0", "1.50", "1.5", "-3e2", "-300", "\"x\"", "\"\\u0078\"", "\"\"", "12345678901234567890.5"];

    [Theory]
    [InlineData(1)]
    [InlineData(20260117)]
    public void The_values_after_put_into_the_state_before_give_the_state_after(int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var differing = 0;
        for (var i = 0; i < 3_000; i++)
        {
            var before = Value(random, 0);
            var after = random.Next(4) == 0 ? Value(random, 0) : Changed(before, random);
            var (a, b) = (Text(before, random), Text(after, random));
            var differences = JsonDiff.Of(a, b);
            differing += differences.Count > 0 ? 1 : 0;

            Assert.Equal(JsonNode.DeepEquals(Plain(a), Plain(b)), differences.Count == 0);
            Assert.True(JsonNode.DeepEquals(Plain(b), Applied(Plain(a), differences)), $"{i}: {Encoding.UTF8.GetString(a)} to {Encoding.UTF8.GetString(b)}");
            Assert.Equal(differences.Select(d => d.Path).Order(), JsonDiff.Of(b, a).Select(d => d.Path).Order());
        }

        Assert.InRange(differing, 500, 2_900);
    }

    // Removing from an array's end first keeps the places before it.
    private static JsonNode? Applied(JsonNode? root, List<FieldDiff> differences)
    {
        var removed = differences.Where(d => d.After.IsEmpty).Reverse();
        foreach (var difference in differences.Where(d => !d.After.IsEmpty).Concat(removed))
        {
            var value = difference.After.IsEmpty ? null : JsonNode.Parse(difference.After.Span);
            if (difference.Path.Length == 0)
            {
                root = value;
                continue;
            }

            var steps = difference.Path.Split('/')[1..].Select(s => s.Replace("~1", "/").Replace("~0", "~")).ToArray();
            var parent = steps[..^1].Aggregate(root, (node, step) => node is JsonArray array ? array[Place(step)] : node![step]);
            Put(parent!, steps[^1], value, difference.After.IsEmpty);
        }

        return root;
    }

    private static void Put(JsonNode parent, string step, JsonNode? value, bool remove)
    {
        if (parent is JsonArray array)
        {
            if (remove)
                array.RemoveAt(Place(step));
            else if (Place(step) == array.Count)
                array.Add(value);
            else
                array[Place(step)] = value;
        }
        else if (remove)
            Assert.True(parent.AsObject().Remove(step));
        else
            parent[step] = value;
    }

    private static int Place(string step) => int.Parse(step, CultureInfo.InvariantCulture);

    private static JsonNode? Plain(byte[] json) => JsonNode.Parse(json);

    private static JsonNode? Value(Random random, int depth)
    {
        var kind = depth > 3 ? 0 : random.Next(4);
        if (kind == 1)
            return new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth + 1))]);
        if (kind < 2)
            return JsonNode.Parse(_scalars[random.Next(_scalars.Length)]);
        var names = _names.OrderBy(_ => random.Next()).Take(random.Next(6));
        return new JsonObject(names.Select(name => KeyValuePair.Create(name, Value(random, depth + 1))));
    }

    private static JsonNode? Changed(JsonNode? node, Random random) => node switch
    {
        JsonObject properties => new JsonObject(
            from property in random.Next(2) == 0 ? properties.Reverse() : properties
            where random.Next(10) > 0
            select KeyValuePair.Create(property.Key, Changed(property.Value, random))),
        JsonArray items => new JsonArray([.. items.Where(_ => random.Next(10) > 0).Select(item => Changed(item, random))]),
        _ => random.Next(10) > 0 ? node?.DeepClone() : Value(random, 3),
    };

    private static byte[] Text(JsonNode? node, Random random) => Encoding.UTF8.GetBytes(
        node is null ? "null" : node.ToJsonString(new() { WriteIndented = random.Next(2) == 0 }));
}
