using Kappa.Engine.Records;
using Kappa.Grains.Indexes;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Grains.Instances;

/// <summary>What a view grain has in memory: the instance, the document that was written last, and what came since. Not thread-safe.</summary>
internal sealed class InstanceMemory<TState>(FoldedState<TState> state, InstanceDocument document) where TState : class, IViewState<TState>
{
    private readonly List<HistoryPointers> _replaced = [];
    private long _version = document.Record.Length == 0 ? 0 : state.Instance.Version;
    private long _held = document.Record.Length == 0 ? 0 : state.Instance.HeldCount;

    public FoldedState<TState> State { get; } = state;
    public InstanceDocument Document { get; private set; } = document;
    public bool IsDirty { get; set; }

    /// <summary>Ends when the index knows of what was written last.</summary>
    public Task Indexed { get; set; } = Task.CompletedTask;

    /// <summary>The same with another state, which waits to be written.</summary>
    public InstanceMemory<TState> With(FoldedState<TState> folded)
    {
        var with = new InstanceMemory<TState>(folded, Document) { _version = _version, _held = _held, IsDirty = true, Indexed = Indexed };
        with._replaced.AddRange(_replaced);
        if (folded.Applied != State.Applied)
            with._replaced.Add(State.Applied);
        if (folded.Held != State.Held)
            with._replaced.Add(State.Held);
        return with;
    }

    /// <summary>Where chunks stand that the state no longer refers to; they may go once it was written. Each is named once.</summary>
    public List<HistoryPointers> TakeReplaced()
    {
        List<HistoryPointers> replaced = [.. _replaced];
        _replaced.Clear();
        return replaced;
    }

    public void Wrote(InstanceDocument written)
    {
        (Document, IsDirty) = (written, false);
        (_version, _held) = (State.Instance.Version, State.Instance.HeldCount);
    }

    /// <summary>Makes the instance as it was written last, with all that was audited since.</summary>
    public Func<FoldedState<TState>> Reload(View<TState> view, ViewRouter<TState> router, string key) => () => FoldedState<TState>.Load(view, router, key, Document);

    public List<Position> AppliedSince() => Newest(State.Instance.Applied, (int)(State.Instance.Version - _version));

    public List<Position> HeldSince() => Newest(State.Instance.Held, (int)(State.Instance.HeldCount - _held));

    /// <summary>What the index is to know of what was written last.</summary>
    public IndexEntry Entry(View<TState> view)
    {
        var record = InstanceRecord.Read(Document.Record);
        return new IndexEntry(record.Key, record.Version, record.Generation, record.TimeTicks, record.HasState, record.HeldCount,
            Fit(record.LookupValues, view.Lookups.Count), Fit(record.RankValues, view.Ranks.Count));
    }

    private static T[] Fit<T>(T[] values, int count)
    {
        Array.Resize(ref values, count);
        return values;
    }

    private static List<Position> Newest(PositionList list, int count) => [.. Enumerable.Range(list.Count - Math.Max(0, count), Math.Max(0, count)).Select(i => list[i])];
}
