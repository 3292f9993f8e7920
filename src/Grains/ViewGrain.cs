using Kappa.Engine.Folding;
using Kappa.Events;
using Kappa.Grains.Auditing;
using Kappa.Grains.Builds;
using Kappa.Grains.Hosting;
using Kappa.Grains.Indexes;
using Kappa.Grains.Instances;
using Kappa.Grains.Streams;
using Kappa.Log;
using Kappa.Views;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Kappa.Grains;

/// <summary>
/// The base of all view grains: one instance of one build, in memory as a <see cref="ViewInstance{TState}"/>, kept in one document of grain
/// storage. Authors derive one class per view and version, mark it with <see cref="ViewGrainAttribute"/>, and write nothing in it.
/// <para>Events come by streams, fast and without any promise, and from the partition's auditor, which makes sure of each. Changes wait for
/// their write up to <see cref="GrainsOptions.WriteBehind"/>; nobody is shown or told anything that was not written. Activating never fails:
/// without its storage the grain takes no event and answers with an error until storage is back; nothing is lost by that.</para>
/// </summary>
public abstract class ViewGrain<TState> : Grain, IViewGrain, IStreamSubscriptionObserver, IAsyncBatchObserver<EventRun>
    where TState : class, IViewState<TState>
{
    /// <summary>How long an observer is told of changes after it asked.</summary>
    public static TimeSpan WatchLease { get; } = TimeSpan.FromSeconds(30);

    private readonly GrainsContext _context;
    private readonly View<TState> _view;
    private readonly ViewRouter<TState> _router;
    private readonly StateWriter<TState> _states = new();
    private readonly InstanceObservers _observers;
    private readonly string _key;
    private readonly BuildName _build;
    private readonly GrainDocuments _documents;
    private readonly PositionHistory _appliedHistory, _heldHistory;
    private InstanceMemory<TState>? _memory;
    private IGrainTimer? _timer;

    /// <param name="context">Injected; pass it on.</param>
    protected ViewGrain(GrainsContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        var (of, id) = ((ViewGrainAttribute)GetType().GetCustomAttributes(typeof(ViewGrainAttribute), inherit: false).Single(), this.GetGrainId());
        (_view, _router) = context.CodeOf<TState>(of.View, of.Version);
        var key = id.Key.ToString()!;
        var dot = key.IndexOf('.', StringComparison.Ordinal);
        _build = new BuildName(of.View, of.Version, int.Parse(key.AsSpan(0, dot), System.Globalization.CultureInfo.InvariantCulture));
        _key = KeyText.Decode(key.AsSpan(dot + 1));
        _documents = new GrainDocuments(context.Storage, id);
        (_appliedHistory, _heldHistory) = (new PositionHistory(_documents, "applied"), new PositionHistory(_documents, "held"));
        _observers = new InstanceObservers(context.Time);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        try
        {
            if (_memory is { IsDirty: true })
                await FlushAsync();
        }
#pragma warning disable CA1031 // What cannot be written now is applied again by the auditor.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _context.Log.LostWrite(_build, _key, e);
        }
        _states.Dispose();
    }

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<EventRun>().ResumeAsync(this);

    /// <summary>Takes what a stream brings. Never throws: a delivery that fails is left to the auditor.</summary>
    public async Task OnNextAsync(IList<SequentialItem<EventRun>> items)
    {
        try
        {
            await LoadAsync();
            foreach (var item in items)
                foreach (var recorded in item.Item.Read())
                    await TakeAsync(recorded);
            if (_observers.Any)
                await FlushAsync();
        }
#pragma warning disable CA1031 // To throw would hold up the whole partition.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Forget();
            _context.Log.LostDelivery(_build, _key, e);
        }
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public async Task<byte[]> ReadAsync() => (await SettledAsync()).Document.Record;

    public async Task<byte[]> WatchAsync(IInstanceObserver observer)
    {
        _observers.Add(observer, WatchLease);
        return await ReadAsync();
    }

    public Task UnwatchAsync(IInstanceObserver observer)
    {
        _observers.Remove(observer);
        return Task.CompletedTask;
    }

    public async Task<AuditAnswer> AuditAsync(AuditQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        var memory = await LoadAsync();
        var difference = AuditDifference.Of(question, memory.State);
        var refolded = false;
        if (difference.CanAppend(memory.State.Instance))
        {
            using var missing = new MissingEvents(question, _context.LogReader);
            foreach (var sequence in difference.Missing)
                await TakeAsync(await missing.GetAsync(sequence));
            memory = _memory!;
        }
        else if (difference.Any)
        {
            memory = await ReorderAsync(await difference.ApplyAsync(memory.State, _appliedHistory, _heldHistory));
            refolded = true;
        }
        memory.State.SetAudited(question.Partition, question.Next);
        await SettledAsync();
        return new AuditAnswer(difference.Missing.Count, difference.Extra.Count, refolded);
    }

    public async Task<InstanceRetry> InsertAsync(ulong position)
    {
        var memory = await LoadAsync();
        if (memory.State.Instance.Quarantine is { } stopped)
            return new InstanceRetry(true, 0, 1, PositionList.Pack(stopped.Position),
                $"The instance '{_key}' that it goes to is quarantined; retry that first. {stopped.Reason}");
        var at = PositionList.Unpack(position);
        var (applied, held) = await HistoryAsync(memory.State);
        if (applied.Contains(at))
            return new InstanceRetry(false, 0, 0, 0, null);
        AuditDifference.Insert(applied, at);
        memory = await ReorderAsync([.. applied, .. held]);
        await SettledAsync();
        return memory.State.Instance.Quarantine is { } again
            ? new InstanceRetry(true, 0, memory.State.Instance.HeldCount, PositionList.Pack(again.Position), again.Reason)
            : new InstanceRetry(false, 1, 0, 0, null);
    }

    public async Task<InstanceRetry> RetryAsync()
    {
        var memory = await SettledAsync();
        if (memory.State.Instance.Quarantine is null)
            return new InstanceRetry(false, 0, 0, 0, null);
        var held = await _heldHistory.AllAsync(memory.State.Held, memory.State.Generation, memory.State.Instance.Held);
        await FoldAsync(() => FoldedState<TState>.LoadReleased(_view, _router, _key, memory.Document), held, held.Count, "The retry goes on.");
        memory = await SettledAsync();
        var now = memory.State.Instance;
        return new InstanceRetry(true, held.Count - now.HeldCount, now.HeldCount, now.Quarantine is { } stop ? PositionList.Pack(stop.Position) : 0, now.Quarantine?.Reason);
    }

    public async Task<InstanceCount> CountAsync(long[] cut)
    {
        var state = (await SettledAsync()).State;
        var (applied, held) = await HistoryAsync(state);
        return InstanceProof.Count(state, applied, held, new Cut(cut));
    }

    public async Task<InstanceMoment> MomentAsync(long[] cut)
    {
        var memory = await SettledAsync();
        var (applied, _) = await HistoryAsync(memory.State);
        return await InstancePast.AtAsync(_view, _router, _context.LogReader, memory.State, memory.Document, applied, new Cut(cut));
    }

    public async Task<ulong[]> PositionsAsync(long from, int take)
    {
        var (applied, _) = await HistoryAsync((await SettledAsync()).State);
        return [.. applied.Skip((int)from).Take(take).Select(PositionList.Pack)];
    }

    public async Task DiscardAsync()
    {
        if (_memory is { State: var state })
        {
            await _appliedHistory.ClearAsync(state.Applied, state.Generation);
            await _heldHistory.ClearAsync(state.Held, state.Generation);
        }
        await _documents.ClearAsync<InstanceDocument>(InstanceMemory<TState>.DocumentName);
        _memory = null;
        DeactivateOnIdle();
    }

    /// <summary>The instance in memory, read from its document if it is not there yet.</summary>
    private async Task<InstanceMemory<TState>> LoadAsync()
    {
        if (_memory is { } loaded)
            return loaded;
        var document = await _documents.ReadAsync<InstanceDocument>(InstanceMemory<TState>.DocumentName);
        var state = FoldedState<TState>.Load(_view, _router, _key, document);
        _memory = new InstanceMemory<TState>(state, document);
        // A write that was not told to the index before the silo was lost is told now.
        if (document.Record.Length > 0)
            _memory.Indexed = _context.Outbox.SendAsync(_build, _memory.Entry(_view));
        return _memory;
    }

    /// <summary>The instance with all of it written and known to the index.</summary>
    private async Task<InstanceMemory<TState>> SettledAsync()
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
            await (memory.Indexed = _context.Outbox.SendAsync(_build, memory.Entry(_view)));
        }
        return memory;
    }

    private async Task TakeAsync(RecordedEvent recorded)
    {
        var memory = _memory!;
        var before = memory.State.Instance.Version + memory.State.Instance.HeldCount;
        if (memory.State.Take(recorded) is { } failure)
            await StopAsync(recorded.Position, FoldFailure.Describe(failure));
        else if (memory.State.Instance.Version + memory.State.Instance.HeldCount != before)
            memory.IsDirty = true;
        if (_memory is { IsDirty: true } && _timer is null)
            _timer = this.RegisterGrainTimer(WriteBehindAsync, new GrainTimerCreationOptions(_context.Options.WriteBehind, Timeout.InfiniteTimeSpan));
    }

    private async Task WriteBehindAsync()
    {
        _timer?.Dispose();
        _timer = null;
        if (_memory is { IsDirty: true })
            await FlushAsync();
    }

    private async Task<InstanceMemory<TState>> FlushAsync()
    {
        var memory = _memory!;
        try
        {
            memory.State.Probe(_states, memory.Scratch);
        }
#pragma warning disable CA1031 // A state that cannot be written or indexed stops its instance, and only that.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await StopAsync(null, FoldFailure.Describe(e));
            memory = _memory!;
        }
        try
        {
            var state = memory.State;
            state.Applied = await _appliedHistory.SpillAsync(state.Instance.Applied, state.Applied, state.Generation, state.IsAudited);
            state.Held = state.Instance.Quarantine is null ? Engine.Records.HistoryPointers.None
                : await _heldHistory.SpillAsync(state.Instance.Held, state.Held, state.Generation, state.IsAudited);
            var document = state.Write(_states);
            await _documents.WriteAsync(InstanceMemory<TState>.DocumentName, document);
            memory.Wrote(document);
        }
        catch (Exception e)
        {
            // What this activation has in memory is no longer what anybody will be shown; what it lost the auditor brings again.
            Forget();
            if (e is InconsistentStateException)
                DeactivateOnIdle();
            throw;
        }
        memory.Indexed = _context.Outbox.SendAsync(_build, memory.Entry(_view));
        _observers.Tell(memory.Document.Record);
        return memory;
    }

    private void Forget() => _memory = null;

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
        await FoldAsync(memory.Reload(_view, _router, _key), positions, mayFold, instance.Quarantine?.Reason ?? reason);
        _context.Metrics.Stopped(_build.View);
    }

    /// <summary>Folds the instance from nothing in an order that it did not have before.</summary>
    private async Task<InstanceMemory<TState>> ReorderAsync(List<Position> positions)
    {
        var generation = Math.Max(_memory!.State.Generation + 1, 1);
        return await FoldAsync(() =>
        {
            var fresh = FoldedState<TState>.Fresh(_view, _router, _key);
            fresh.Generation = generation;
            return fresh;
        }, positions, positions.Count, "");
    }

    private async Task<InstanceMemory<TState>> FoldAsync(Func<FoldedState<TState>> load, List<Position> positions, int mayFold, string reason)
    {
        var audited = _memory!.State;
        var folded = await new StateRefold<TState>(_context.LogReader, _states).FoldAsync(load, positions, mayFold, reason);
        folded.AuditedAs(audited);
        return _memory = _memory.With(folded);
    }

    private async Task<(List<Position> Applied, List<Position> Held)> HistoryAsync(FoldedState<TState> state) =>
        (await _appliedHistory.AllAsync(state.Applied, state.Generation, state.Instance.Applied), await _heldHistory.AllAsync(state.Held, state.Generation, state.Instance.Held));
}
