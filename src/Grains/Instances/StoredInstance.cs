using Kappa.Engine.Folding;
using Kappa.Engine.Records;
using Kappa.Events;
using Kappa.Grains.Builds;
using Kappa.Grains.Hosting;
using Kappa.Log;
using Kappa.Views;
using Orleans.Storage;

namespace Kappa.Grains.Instances;

/// <summary>
/// An instance with its document: loads it, gives it events, writes it, and folds it again where that is called for. Whatever fails, what was not
/// written is forgotten: the auditor brings it again. Not thread-safe.
/// </summary>
/// <param name="written">Told of each record after it was written.</param>
internal sealed class StoredInstance<TState>(GrainsContext context, View<TState> view, ViewRouter<TState> router, BuildName build, string key, Action<byte[]> written)
    where TState : class, IViewState<TState>
{
    private readonly InstanceDocuments _documents = new(context, build, key);
    private InstanceMemory<TState>? _memory;

    public View<TState> View => view;
    public ViewRouter<TState> Router => router;
    public string Key => key;

    /// <summary>True if there is something to write.</summary>
    public bool IsDirty => _memory is { IsDirty: true };

    /// <summary>What is in memory, read from its document if it is not there yet.</summary>
    /// <exception cref="InvalidDataException">The document was damaged.</exception>
    public async Task<InstanceMemory<TState>> LoadAsync()
    {
        if (_memory is { } loaded)
            return loaded;
        var document = await _documents.ReadAsync();
        var state = FoldedState<TState>.Load(view, router, key, document);
        _memory = new InstanceMemory<TState>(state, document);
        // A write that was not told to the index before the silo was lost is told now.
        if (document.Record.Length > 0)
            _memory.Indexed = context.Outbox.SendAsync(build, _memory.Entry(view));
        return _memory;
    }

    /// <summary>The same with all of it written and known to the index.</summary>
    public async Task<InstanceMemory<TState>> SettledAsync()
    {
        var memory = await LoadAsync();
        if (memory.IsDirty)
            memory = await FlushAsync();
        try
        {
            await memory.Indexed;
        }
#pragma warning disable CA1031 // Whatever it was, it is tried once more; then the caller is told.
        catch (Exception)
#pragma warning restore CA1031
        {
            await (memory.Indexed = context.Outbox.SendAsync(build, memory.Entry(view)));
        }
        return memory;
    }

    /// <summary>
    /// Gives it an event that a stream brought, once it is loaded. What its auditor has passed is refused: the instance has all of that, so it can only be a repeat
    /// that comes too late to be known as one, and nobody would ask for it any more.
    /// </summary>
    public Task TakeDeliveredAsync(RecordedEvent recorded) => _memory!.State.IsAudited(recorded.Position) ? Task.CompletedTask : TakeAsync(recorded);

    /// <summary>Gives it an event, once it is loaded; one that its fold cannot take stops it.</summary>
    public async Task TakeAsync(RecordedEvent recorded)
    {
        var memory = _memory!;
        var before = memory.State.Instance.Version + memory.State.Instance.HeldCount;
        if (memory.State.Take(recorded) is { } failure)
            await StopAsync(recorded.Position, FoldFailure.Describe(failure));
        else if (memory.State.Instance.Version + memory.State.Instance.HeldCount != before)
            memory.IsDirty = true;
    }

    /// <exception cref="InconsistentStateException">Another activation has written it; this one is over.</exception>
    public async Task<InstanceMemory<TState>> FlushAsync()
    {
        InstanceMemory<TState> memory;
        try
        {
            var document = await ComposeAsync();
            memory = _memory!;
            await _documents.WriteAsync(document);
            memory.Wrote(document);
        }
        catch
        {
            // What this activation has in memory is no longer what anybody will be shown; what it lost the auditor brings again.
            Forget();
            throw;
        }
        memory.Indexed = context.Outbox.SendAsync(build, memory.State.Entry());
        written(memory.Document.Record);
        await _documents.ClearAsync(memory.TakeReplaced());
        return memory;
    }

    /// <summary>Drops what is in memory; the next one to ask reads the document.</summary>
    public void Forget() => _memory = null;

    /// <summary>Folds positions, in this order, onto a base; the first event that cannot be folded, or the one at <paramref name="mayFold"/>, stops it.</summary>
    public async Task<InstanceMemory<TState>> FoldAsync(Func<FoldedState<TState>> load, List<Position> positions, int mayFold, string reason)
    {
        var audited = _memory!.State;
        var folded = await new StateRefold<TState>(context.LogReader).FoldAsync(load, positions, mayFold, reason);
        folded.AuditedAs(audited);
        return _memory = _memory.With(folded);
    }

    /// <summary>All positions, those in chunks too.</summary>
    public async Task<(List<Position> Applied, List<Position> Held)> HistoryAsync()
    {
        var state = _memory!.State;
        return (await _documents.History.AllAsync(state.Applied, state.Instance.Applied), await _documents.History.AllAsync(state.Held, state.Instance.Held));
    }

    /// <summary>Deletes all documents.</summary>
    public Task DiscardAsync()
    {
        Forget();
        return _documents.DiscardAsync();
    }

    /// <summary>The document as it is to be written; a state that cannot be written stops its instance first.</summary>
    private async Task<InstanceDocument> ComposeAsync()
    {
        using var scratch = StateScratch<TState>.Rent();
        try
        {
            _memory!.State.Probe(scratch);
        }
#pragma warning disable CA1031 // A state that cannot be written or indexed stops its instance, and only that.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await StopAsync(null, FoldFailure.Describe(e));
            _memory!.State.Probe(scratch);
        }
        var state = _memory.State;
        state.Applied = await _documents.History.SpillAsync(state.Instance.Applied, state.Applied, state.IsAudited);
        state.Held = state.Instance.Quarantine is null ? HistoryPointers.None : await _documents.History.SpillAsync(state.Instance.Held, state.Held, state.IsAudited);
        return state.Write(scratch);
    }

    /// <summary>
    /// Throws a half-changed state away: loads what was written last and folds again what came since, up to the event that failed, or,
    /// where that is null, up to the first whose state cannot be written. What was held since is held again behind it.
    /// </summary>
    private async Task StopAsync(Position? failed, string reason)
    {
        var memory = _memory!;
        var instance = memory.State.Instance;
        var positions = memory.AppliedSince();
        if (failed is { } at && (positions.Count == 0 || positions[^1] != at))
            positions.Add(at);
        var mayFold = failed is null ? positions.Count : positions.Count - 1;
        positions.AddRange(memory.HeldSince());
        await FoldAsync(memory.Reload(view, router, key), positions, mayFold, instance.Quarantine?.Reason ?? reason);
        context.Metrics.Stopped(build.View);
    }
}
