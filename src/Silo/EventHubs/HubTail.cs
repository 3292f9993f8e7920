using System.Diagnostics.CodeAnalysis;
using Azure.Messaging.EventHubs;
using Kappa.Log;

namespace Kappa.Silo.EventHubs;

/// <summary>
/// The end of one partition: one long receive follows it for as long as anybody asks, keeps the newest events at hand, and
/// tells those who wait. Nobody polls. A failure is a <see cref="Problem"/> until it has passed, and waits go on.
/// </summary>
internal sealed partial class HubTail(IHub hub, int partition, string id, HubMapping mapping, EventHubLogOptions options, TimeProvider time) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly TailSignal _signal = new(0);
    private readonly HubWindow _window = new(options.WindowBytesMax);
    private readonly HubMarks _marks = new(options.MarksMax);
    private readonly HubLookBack _lookBack = new(hub, id, options, time);
    private readonly CancellationTokenSource _stop = new();
    private Task _follow = Task.CompletedTask;
    private bool _follows;
    private int _waiting;
    private long _asked, _first;

    public long First => Volatile.Read(ref _first);

    public long Next => _signal.Next;

    /// <summary>Why the end cannot be followed right now; null if all is well.</summary>
    public string? Problem { get; private set; }

    /// <summary>Takes note of what the hub, or a reader, says of the partition. Neither end goes back.</summary>
    public void Observe(long first, long next)
    {
        lock (_lock)
        {
            Volatile.Write(ref _first, Math.Max(_first, first));
            if (next > _signal.Next)
                _signal.Publish(next);
        }
    }

    public void Observe(PartitionProperties properties)
    {
        var next = properties.LastEnqueuedSequenceNumber + 1;
        Observe(properties.IsEmpty ? next : properties.BeginningSequenceNumber, next);
    }

    public bool TryRead(long from, int bytesMax, [NotNullWhen(true)] out LogPage? page) => _window.TryRead(from, bytesMax, out page);

    public ValueTask WaitAsync(long sequence, CancellationToken cancellationToken) =>
        sequence < Next || cancellationToken.IsCancellationRequested || _stop.IsCancellationRequested
            ? _signal.WaitAsync(sequence, cancellationToken)
            : FollowedAsync(sequence, cancellationToken);

    /// <summary>The sequence behind the last event of the mark, once it can be read.</summary>
    public async ValueTask<long> ResolveAsync(AppendMark mark, CancellationToken cancellationToken)
    {
        if (!_marks.TryGet(mark.Append, out var first))
            await FollowedAsync(async () => first = await FirstAsync(mark.Append, cancellationToken));
        await WaitAsync(first + mark.Count - 1, cancellationToken);
        return first + mark.Count;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Exception Closed() => new ObjectDisposedException(nameof(EventHubLog), $"The log on {hub.Name} was closed.");
        _signal.End(Closed);
        _marks.End(Closed);
        await _follow;
        _stop.Dispose();
        _lookBack.Dispose();
    }

    /// <summary>The sequence of an append's first event. Whoever looks back waits already: of what is found then, the oldest may be forgotten before it is over.</summary>
    private async Task<long> FirstAsync(Guid append, CancellationToken cancellationToken)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = _marks.FirstAsync(append, leaving.Token);
        try
        {
            await _lookBack.RunAsync(append, _marks, cancellationToken);
        }
        catch
        {
            await leaving.CancelAsync();
            await ((Task)first).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        return await first;
    }

    private async ValueTask FollowedAsync(long sequence, CancellationToken cancellationToken) =>
        await FollowedAsync(() => _signal.WaitAsync(sequence, cancellationToken));

    /// <summary>Waits for something while somebody follows the end.</summary>
    private async Task FollowedAsync(Func<ValueTask> wait)
    {
        lock (_lock)
        {
            _waiting++;
            if (!_follows && !_stop.IsCancellationRequested)
            {
                _follows = true;
                _marks.SeenFrom(time.GetUtcNow() + options.ClockSkewMax);
                _follow = Task.Run(() => FollowAsync(Next));
            }
        }
        try
        {
            await wait();
        }
        finally
        {
            lock (_lock)
            {
                _waiting--;
                _asked = time.GetTimestamp();
            }
        }
    }
}
