using Kappa.Views;

namespace Kappa.Engine.Diffing;

/// <summary>Holds a gate against a diff while it runs, instance by instance. Not thread-safe.</summary>
internal sealed class DiffGate(PromotionGate gate)
{
    private readonly List<string> _different = [];
    private readonly List<string> _others = [];
    private readonly SortedSet<string> _otherFields = new(StringComparer.Ordinal);
    private long _differentCount;
    private long _othersCount;

    public void Add(KeyDiff diff, IReadOnlyCollection<string> fields)
    {
        Note(diff.Key, _different, ref _differentCount);
        if (gate.OnlyFields is not { } rules)
            return;
        var others = fields.Where(field => !rules.Any(rule => FieldPath.Covers(rule, field))).ToList();
        if (others.Count == 0 && diff.Change == DiffChange.Changed)
            return;
        Note(diff.Key, _others, ref _othersCount);
        foreach (var field in others.Take(Math.Max(0, 20 - _otherFields.Count)))
            _otherFields.Add(field);
    }

    public List<GateRefusal> Refusals()
    {
        var refusals = new List<GateRefusal>();
        if (gate.ChangedMax is { } max && _differentCount > max)
            refusals.Add(new GateRefusal("changedMax", $"{_differentCount} instances differ, but at most {max} may.", _differentCount, _different));
        if (gate.OnlyFields is { } rules && _othersCount > 0)
            refusals.Add(new GateRefusal("onlyFields", $"In {_othersCount} instances more differs than {string.Join(", ", rules)}: "
                + (_otherFields.Count > 0 ? $"{string.Join(", ", _otherFields)}." : "they are only in one of the builds."), _othersCount, _others));
        return refusals;
    }

    private static void Note(string key, List<string> keys, ref long count)
    {
        count++;
        if (keys.Count < GateRefusal.KeysMax)
            keys.Add(key);
    }
}
