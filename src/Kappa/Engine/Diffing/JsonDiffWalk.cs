using System.Text.Json;
using Kappa.Views;

namespace Kappa.Engine.Diffing;

/// <summary>
/// Walks two JSON texts side by side. As long as both have the same properties in the same order, as the states of two versions of a view mostly
/// do, nothing is allocated but for what differs; from the first other name on, the rest of that object is matched by name.
/// </summary>
internal sealed class JsonDiffWalk(List<string>? fields)
{
    private readonly FieldTrail _trail = new();

    public List<FieldDiff> Found { get; } = [];

    public void Add(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after)
    {
        var path = _trail.Path();
        Found.Add(new FieldDiff(path, before, after));
        fields?.Add(_trail.HasPlaces ? _trail.Field() : path);
    }

    public void Compare(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after)
    {
        var a = new JsonCursor(before);
        var b = new JsonCursor(after);
        a.Read();
        b.Read();
        CompareValues(ref a, ref b);
    }

    // Starts at the first token of both values and ends at their last.
    private void CompareValues(ref JsonCursor a, ref JsonCursor b)
    {
        if (a.Token != b.Token)
        {
            Add(a.TakeValue(), b.TakeValue());
            return;
        }

        switch (a.Token)
        {
            case JsonTokenType.StartObject:
                CompareObjects(ref a, ref b);
                break;
            case JsonTokenType.StartArray:
                CompareArrays(ref a, ref b);
                break;
            case JsonTokenType.Number when !JsonNumber.Same(a.Span, b.Span):
            case JsonTokenType.String when !a.HasTextOf(ref b):
                Add(a.TakeValue(), b.TakeValue());
                break;
        }
    }

    private void CompareObjects(ref JsonCursor a, ref JsonCursor b)
    {
        a.Read();
        b.Read();
        while (a.Token == JsonTokenType.PropertyName && b.Token == JsonTokenType.PropertyName && a.HasTextOf(ref b))
        {
            _trail.Push(a.Name(), a.EscapedText());
            a.Read();
            b.Read();
            CompareValues(ref a, ref b);
            _trail.Pop();
            a.Read();
            b.Read();
        }

        if (a.Token == JsonTokenType.EndObject)
            AddProperties(ref b, isBefore: false);
        else if (b.Token == JsonTokenType.EndObject)
            AddProperties(ref a, isBefore: true);
        else
            CompareByName(a.TakeProperties(), b.TakeProperties());
    }

    private void AddProperties(ref JsonCursor side, bool isBefore)
    {
        for (; side.Token != JsonTokenType.EndObject; side.Read())
        {
            _trail.Push(side.Name(), side.EscapedText());
            side.Read();
            AddOneSided(side.TakeValue(), isBefore);
            _trail.Pop();
        }
    }

    private void CompareByName(
        OrderedDictionary<string, ReadOnlyMemory<byte>> before, OrderedDictionary<string, ReadOnlyMemory<byte>> after)
    {
        foreach (var (name, value) in before)
        {
            _trail.Push(default, name);
            if (after.TryGetValue(name, out var other))
                Compare(value, other);
            else
                AddOneSided(value, isBefore: true);
            _trail.Pop();
        }

        foreach (var (name, value) in after)
        {
            if (before.ContainsKey(name))
                continue;
            _trail.Push(default, name);
            AddOneSided(value, isBefore: false);
            _trail.Pop();
        }
    }

    private void CompareArrays(ref JsonCursor a, ref JsonCursor b)
    {
        a.Read();
        b.Read();
        var place = 0;
        for (; a.Token != JsonTokenType.EndArray && b.Token != JsonTokenType.EndArray; place++)
        {
            _trail.Push(place);
            CompareValues(ref a, ref b);
            _trail.Pop();
            a.Read();
            b.Read();
        }

        AddPlaces(ref a, place, isBefore: true);
        AddPlaces(ref b, place, isBefore: false);
    }

    private void AddPlaces(ref JsonCursor side, int place, bool isBefore)
    {
        for (; side.Token != JsonTokenType.EndArray; side.Read(), place++)
        {
            _trail.Push(place);
            AddOneSided(side.TakeValue(), isBefore);
            _trail.Pop();
        }
    }

    private void AddOneSided(ReadOnlyMemory<byte> value, bool isBefore) =>
        Add(isBefore ? value : default, isBefore ? default : value);
}
