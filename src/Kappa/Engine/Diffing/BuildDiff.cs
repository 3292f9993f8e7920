using Kappa.Engine.Instances;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.Diffing;

/// <summary>
/// Two builds of a view at one cut. What a build has folded past the cut is folded again up to it, so the comparison is exact however long
/// it takes and whatever is appended meanwhile. In memory stay the keys of both, and nothing of their states. Thread-safe.
/// </summary>
internal sealed class BuildDiff
{
    private readonly IBuildSide _old;
    private readonly IBuildSide _new;
    private readonly string[] _keys;

    private BuildDiff(IBuildSide old, IBuildSide @new, Cut cut, string[] keys) => (_old, _new, Cut, _keys) = (old, @new, cut, keys);

    public Cut Cut { get; }

    /// <summary>The sums over all instances; there once all were compared.</summary>
    public DiffSummary? Summary { get; private set; }

    public bool IsOf(IBuildSide old, IBuildSide @new) => _old.Equals(old) && _new.Equals(@new);

    /// <summary>Begins a diff at the furthest cut that both have reached.</summary>
    public static BuildDiff Begin(IBuildSide old, IBuildSide @new) => At(old, @new, Cut.Min(old.Watermark, @new.Watermark));

    /// <summary>A diff at a cut that both have reached.</summary>
    public static BuildDiff At(IBuildSide old, IBuildSide @new, Cut cut)
    {
        var keys = old.KeysEver.Concat(@new.KeysEver).Distinct(StringComparer.Ordinal).ToArray();
        Array.Sort(keys, Utf8Order.Instance);
        return new BuildDiff(old, @new, cut, keys);
    }

    /// <summary>Compares everything: gives the first instances that differ, tells the gate of all, and makes the summary.</summary>
    public async Task<List<KeyDiff>> RunAsync(int take, DiffGate? gate, CancellationToken cancellationToken)
    {
        var (same, changes, fields) = (0L, new long[3], new SortedDictionary<string, long>(StringComparer.Ordinal));
        var first = new List<KeyDiff>();
        foreach (var key in _keys)
        {
            var (exists, diff, changed) = await CompareAsync(key, cancellationToken).ConfigureAwait(false);
            if (diff is null)
            {
                same += exists ? 1 : 0;
                continue;
            }
            changes[(int)diff.Change]++;
            foreach (var field in changed)
                fields[field] = fields.GetValueOrDefault(field) + 1;
            gate?.Add(diff, changed);
            if (first.Count < take)
                first.Add(diff);
        }
        Summary = new DiffSummary(Cut, _old.Version, _new.Version, same, changes[(int)DiffChange.Changed], changes[(int)DiffChange.OnlyOld],
            changes[(int)DiffChange.OnlyNew], [.. fields.Select(field => new FieldCount(field.Key, field.Value))]);
        return first;
    }

    /// <summary>The instances that differ after a key.</summary>
    public async Task<List<KeyDiff>> AfterAsync(string key, int take, CancellationToken cancellationToken)
    {
        var found = new List<KeyDiff>();
        var at = Array.BinarySearch(_keys, key, Utf8Order.Instance);
        for (var i = at < 0 ? ~at : at + 1; i < _keys.Length && found.Count < take; i++)
            if (await CompareAsync(_keys[i], cancellationToken).ConfigureAwait(false) is (_, { } diff, _))
                found.Add(diff);
        return found;
    }

    private async ValueTask<(bool Exists, KeyDiff? Diff, IReadOnlyCollection<string> Fields)> CompareAsync(string key, CancellationToken cancellationToken)
    {
        // What has no code stands as it is, its shards perhaps not all at one place: then each key is compared at its own.
        var cut = _old.IsFrozen ? _old.WatermarkOf(key) : Cut;
        var before = await _old.StateAtAsync(key, cut, cancellationToken).ConfigureAwait(false);
        var after = await _new.StateAtAsync(key, cut, cancellationToken).ConfigureAwait(false);
        if (before.Span.SequenceEqual(after.Span))
            return (!before.IsEmpty, null, []);
        if (before.IsEmpty || after.IsEmpty)
            return (true, new KeyDiff(key, before.IsEmpty ? DiffChange.OnlyNew : DiffChange.OnlyOld, []), []);
        var fields = new List<string>();
        var differences = JsonDiff.Of(before, after, fields);
        return differences.Count == 0 ? (true, null, []) : (true, new KeyDiff(key, DiffChange.Changed, differences), fields.Distinct().ToList());
    }
}
