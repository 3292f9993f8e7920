using System.Globalization;
using Kappa.Grains.Auditing;
using Kappa.Grains.Builds;
using Kappa.Grains.Hosting;
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
    private readonly GrainsContext _context;
    private readonly InstanceObservers _observers;
    private readonly BuildName _build;
    private readonly StoredInstance<TState> _stored;
    private readonly InstanceRepairs<TState> _repairs;
    private readonly PendingWrite _write;

    /// <param name="context">Injected; pass it on.</param>
    protected ViewGrain(GrainsContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        var (of, id) = (ViewGrainAttribute.Of(GetType()), this.GetGrainId());
        var (view, router) = context.CodeOf<TState>(of.View, of.Version);
        var key = id.Key.ToString()!;
        var dot = key.IndexOf('.', StringComparison.Ordinal);
        _build = new BuildName(of.View, of.Version, int.Parse(key.AsSpan(0, dot), CultureInfo.InvariantCulture));
        _observers = new InstanceObservers(context.Time);
        _stored = new StoredInstance<TState>(context, view, router, _build, KeyText.Decode(key.AsSpan(dot + 1)), _observers.Tell);
        _repairs = new InstanceRepairs<TState>(_stored, context.LogReader);
        _write = new PendingWrite(id, () => _stored.IsDirty);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        try
        {
            if (_stored.IsDirty)
                await _stored.FlushAsync();
        }
#pragma warning disable CA1031 // What cannot be written now is applied again by the auditor.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _context.Log.LostWrite(_build, _stored.Key, e);
        }
    }

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<EventRun>().ResumeAsync(this);

    /// <summary>Takes what a stream brings. Never throws: a delivery that fails is left to the auditor.</summary>
    public async Task OnNextAsync(IList<SequentialItem<EventRun>> items)
    {
        try
        {
            await _stored.LoadAsync();
            var events = 0;
            foreach (var item in items)
            {
                foreach (var recorded in item.Item.Read())
                    await _stored.TakeDeliveredAsync(recorded);
                events += item.Item.Count;
            }
            _context.Metrics.Delivered(_build.View, events);
            if (_stored.IsDirty && _observers.Any)
                await _stored.FlushAsync();
            else if (_stored.IsDirty)
                _context.WriteBehind.Later(_write);
        }
#pragma warning disable CA1031 // To throw would hold up the whole partition.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _stored.Forget();
            EndIfNotAlone(e);
            _context.Log.LostDelivery(_build, _stored.Key, e);
        }
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public Task<byte[]> ReadAsync() => TryAsync(async () => (await _stored.SettledAsync()).Document.Record);

    public Task FlushAsync() => _stored.IsDirty ? TryAsync(_stored.FlushAsync) : Task.CompletedTask;

    public Task<byte[]> WatchAsync(IInstanceObserver observer)
    {
        _observers.Add(observer);
        return ReadAsync();
    }

    public Task UnwatchAsync(IInstanceObserver observer)
    {
        _observers.Remove(observer);
        return Task.CompletedTask;
    }

    public Task<AuditAnswer> AuditAsync(AuditQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        return TryAsync(() => _repairs.AuditAsync(question));
    }

    public Task<InstanceRetry> InsertAsync(ulong position) => TryAsync(() => _repairs.InsertAsync(PositionList.Unpack(position)));

    public Task<InstanceRetry> RetryAsync() => TryAsync(_repairs.RetryAsync);

    public Task<InstanceCount> CountAsync(long[] cut) => TryAsync(async () =>
    {
        try
        {
            var state = (await _stored.SettledAsync()).State;
            var (applied, held) = await _stored.HistoryAsync();
            return InstanceProof.Count(state, applied, held, new Cut(cut));
        }
        catch (InvalidDataException e)
        {
            return new InstanceCount(0, 0, 0, e.Message, null);
        }
    });

    public Task<InstanceMoment> MomentAsync(long[] cut) => TryAsync(async () =>
    {
        var memory = await _stored.SettledAsync();
        var (applied, _) = await _stored.HistoryAsync();
        return await InstancePast.AtAsync(_stored.View, _stored.Router, _context.LogReader, memory.State, memory.Document, applied, new Cut(cut));
    });

    public Task<InstancePositions> PositionsAsync(long from, int take) => TryAsync(async () =>
    {
        var state = (await _stored.SettledAsync()).State;
        var (applied, _) = await _stored.HistoryAsync();
        return new InstancePositions(state.Generation, [.. applied.Skip((int)from).Take(take).Select(PositionList.Pack)]);
    });

    public async Task DiscardAsync()
    {
        await _stored.DiscardAsync();
        DeactivateOnIdle();
    }

    /// <summary>After whatever failed, what is in memory may be half changed or ahead of what was written: it is read anew.</summary>
    private async Task<T> TryAsync<T>(Func<Task<T>> answer)
    {
        try
        {
            return await answer();
        }
        catch (Exception e)
        {
            _stored.Forget();
            EndIfNotAlone(e);
            throw;
        }
    }

    /// <summary>Where another activation has written the document, this one is over.</summary>
    private void EndIfNotAlone(Exception e)
    {
        if (e is InconsistentStateException)
            DeactivateOnIdle();
    }
}
