using Kappa.Events;
using Kappa.Log;

namespace Kappa.Silo.EventHubs;

/// <summary>
/// A hub of Event Hubs as the log. An event's partition is that of our own hash of its partition key, its sequence the
/// hub's, its append time the time at which the hub took it. What differs from the embedded log:
/// an append is atomic per partition as long as its part of the request fits one batch of the hub (1 MiB as a rule),
/// otherwise a failure may leave the first batches stored; duplicates are not refused but stored again, so that
/// whoever folds drops them (<see cref="DuplicateFilter"/>), and <see cref="AppendResult.Duplicates"/> is always 0;
/// a receipt names appends, not positions, until it is resolved (<see cref="ResolveAsync"/>). Thread-safe.
/// </summary>
public sealed partial class EventHubLog : ILogReader, ILogWriter, IAppendMarks, IAsyncDisposable
{
    private readonly IHub _hub;
    private readonly EventHubLogOptions _options;
    private readonly HubPartition[] _partitions;
    private readonly HubSender[] _senders;
    private readonly string[] _ids;
    private readonly CancellationTokenSource _stop = new();
    private readonly PeriodicTimer _refresh;
    private readonly Task _refreshing;
    private string? _problem;
    private int _closing;

    private EventHubLog(IHub hub, string[] ids, long logId, EventHubLogOptions options, TimeProvider time)
    {
        (_hub, _ids, LogId, _options) = (hub, ids, logId, options);
        var name = hub.Name.Split('/');
        (Namespace, Hub) = (name[0].Split('.')[0], name[^1]);
        _partitions = [.. ids.Select((id, number) => new HubPartition(hub, number, id, new HubMapping(Namespace, Hub, id), options, time))];
        _senders = [.. ids.Select((id, number) => new HubSender(hub, number, id, options, time))];
        _refresh = new PeriodicTimer(options.RefreshEvery, time);
        _refreshing = Task.Run(RefreshAllAsync);
    }

    /// <summary>Follows from the namespace, the hub's name and the time when it was made: a hub that was made anew is another log.</summary>
    public long LogId { get; }

    /// <summary>The namespace's name, without its domain: so it stands in the paths of capture files.</summary>
    public string Namespace { get; }

    public string Hub { get; }

    public int PartitionCount => _partitions.Length;

    public bool MayHoldDuplicates => true;

    /// <summary>What does not work right now, a sentence each; empty if all is well.</summary>
    public IReadOnlyList<string> Problems => [.. _partitions.Select(partition => partition.Tail.Problem)
        .Concat(_senders.Select(sender => sender.Problem)).Append(Volatile.Read(ref _problem)).OfType<string>()];

    /// <summary>The first sequence that retention has left, as far as known: it is looked up every few seconds.</summary>
    public long First(int partition) => _partitions[partition].Tail.First;

    /// <summary>The sequence behind the last event, as far as known: at once while somebody waits at the end, else it is looked up
    /// every few seconds, and whenever somebody asks for <see cref="EndAsync"/>.</summary>
    public long Next(int partition) => _partitions[partition].Tail.Next;

    /// <exception cref="LogUnavailableException">The hub does not answer for longer than <see cref="EventHubLogOptions.ReadTimeout"/>.</exception>
    public ValueTask<long> EndAsync(int partition, CancellationToken cancellationToken = default)
    {
        ThrowIfClosing();
        return _partitions[partition].EndAsync(cancellationToken);
    }

    /// <summary>Asks the hub where every partition begins and ends now.</summary>
    /// <exception cref="LogUnavailableException">It does not answer.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await Task.WhenAll(_partitions.Select(partition => partition.RefreshAsync(cancellationToken).AsTask()));
        }
        catch (Exception e) when (HubFailure.IsOfHub(e))
        {
            throw HubFailure.Of(e, _hub.Name, "be asked where its partitions end");
        }
    }

    /// <exception cref="LogUnavailableException">The hub cannot be read for longer than <see cref="EventHubLogOptions.ReadTimeout"/>.</exception>
    public ValueTask<LogPage> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancellationToken = default)
    {
        ThrowIfClosing();
        cancellationToken.ThrowIfCancellationRequested();
        return _partitions[partition].ReadAsync(from, bytesMax, cancellationToken);
    }

    public ValueTask WaitAsync(int partition, long sequence, CancellationToken cancellationToken = default) =>
        _partitions[partition].Tail.WaitAsync(sequence, cancellationToken);

    public ValueTask<long> ResolveAsync(AppendMark mark, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(mark.Partition, PartitionCount);
        return _partitions[mark.Partition].Tail.ResolveAsync(mark, cancellationToken);
    }

    public async ValueTask<AppendResult> AppendAsync(EventBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ThrowIfClosing();
        cancellationToken.ThrowIfCancellationRequested();
        AppendLimits.Check(batch, _options.Limits);
        if (batch.Count == 0)
            return new AppendResult(AppendStatus.Appended, 0, 0, Receipt.Empty);
        await HubLimits.CheckAsync(_hub, _ids[0], batch, cancellationToken);
        var append = new HubAppend(batch, PartitionCount);
        var reserved = new List<int>();
        foreach (var partition in append.Partitions)
            if (_senders[partition].TryReserve(append.Bytes(partition)))
                reserved.Add(partition);
            else
            {
                foreach (var other in reserved)
                    _senders[other].Release(append.Bytes(other));
                return AppendResult.Overloaded;
            }
        foreach (var partition in reserved)
            if (!_senders[partition].TryPut(append))
            {
                _senders[partition].Release(append.Bytes(partition));
                append.Failed(new ObjectDisposedException(nameof(EventHubLog), "The log was closed; what was asked may be stored in part."));
            }
        return await append.Task;
    }

    /// <summary>Takes no more appends, sends what is queued, and closes the connections. Who waits for more gets <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closing, 1) != 0)
            return;
        foreach (var sender in _senders.Select(sender => sender.DisposeAsync().AsTask()).ToArray())
            await sender;
        await _stop.CancelAsync();
        await _refreshing;
        _refresh.Dispose();
        foreach (var partition in _partitions)
            await partition.DisposeAsync();
        await _hub.DisposeAsync();
        _stop.Dispose();
    }

    private void ThrowIfClosing() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _closing) != 0, this);
}
