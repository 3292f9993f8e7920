using System.Globalization;
using System.Text.Json;

namespace Kappa.Tests;

/// <summary>
/// Valid orders as JSON: half of them of the usual shape, half of every shape that JSON allows (escapes, nulls, unknown
/// members, white space), members always in any order.
/// </summary>
internal sealed class RandomOrder(int seed)
{
    private static readonly string[] _texts =
        ["", "a", "United Kingdom", "RECORD FRAME 7\" SINGLE", "naïve ☕ 🎉", "back\\slash", "tab\there", "<&'>", "customerId", "quantity"];

    private readonly Random _random = new(seed);
    private bool _isUsual;

    public string Next()
    {
        _isUsual = _random.Next(2) == 0;
        var members = new List<string> { Member("orderId", Text()), Member("currency", Text()), Member("total", Number()) };
        Maybe(members, "customerId");
        Maybe(members, "country");
        members.Add(Member("lines", "[" + string.Join(Space() + ",", Enumerable.Range(0, _random.Next(5)).Select(_ => Line())) + "]"));
        return Object(members);
    }

    private string Line()
    {
        var members = new List<string> { Member("sku", Text()), Member("quantity", _random.Next(-99, 999).ToString(CultureInfo.InvariantCulture)), Member("unitPrice", Number()) };
        Maybe(members, "description");
        return Object(members);
    }

    private string Object(List<string> members)
    {
        for (var unknown = _isUsual ? 0 : _random.Next(3); unknown > 0; unknown--)
            members.Add(Member($"unknown{unknown}", Any(depth: 3)));
        var shuffled = members.ToArray();
        _random.Shuffle(shuffled);
        return "{" + Space() + string.Join(",", shuffled) + "}";
    }

    private void Maybe(List<string> members, string name)
    {
        if (_random.Next(3) is var choice and > 0)
            members.Add(Member(name, choice == 1 && !_isUsual ? "null" : Text()));
    }

    private string Any(int depth) => _random.Next(depth > 0 ? 7 : 5) switch
    {
        0 => "null",
        1 => "true",
        2 => Number(),
        3 or 4 => Text(),
        5 => $"[{Any(depth - 1)},{Any(depth - 1)}]",
        _ => $"{{{Member("quantity", Any(depth - 1))},{Member("lines", Any(depth - 1))}}}",
    };

    private string Member(string name, string value)
    {
        // Any character of a name may be written as an escape.
        var at = _random.Next(name.Length);
        var written = !_isUsual && _random.Next(8) == 0 ? $"{name[..at]}\\u{(int)name[at]:x4}{name[(at + 1)..]}" : name;
        return $"{Space()}\"{written}\"{Space()}:{Space()}{value}{Space()}";
    }

    private string Text() => JsonSerializer.Serialize(_texts[_random.Next(_isUsual ? 3 : _texts.Length)]);

    private string Number() => _random.Next(_isUsual ? 2 : 4) switch
    {
        0 => _random.Next(-1000, 1000).ToString(CultureInfo.InvariantCulture),
        1 => $"{_random.Next(-99, 99)}.{_random.Next(10_000)}",
        2 => $"{_random.Next(1, 9)}e{_random.Next(-3, 4)}",
        _ => "-0.0",
    };

    private string Space() => _random.Next(_isUsual ? 60 : 6) == 0 ? " \n" : "";
}
