namespace Kappa.Silo.EventHubs;

/// <summary>
/// Finds appends among the events that the hub took before anybody followed the end of the partition here: receipts outlive
/// the process that gave them. Looks once, from the time that the id tells, and finds all that came since; again only for what was
/// forgotten, of more appends than are kept. Thread-safe.
/// </summary>
internal sealed class HubLookBack(IHub hub, string id, EventHubLogOptions options, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <exception cref="Log.LogUnavailableException">The hub cannot be read.</exception>
    public async ValueTask RunAsync(Guid append, HubMarks marks, CancellationToken cancellationToken)
    {
        if (HubMarks.TimeOf(append) is not { } made)
            return;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var from = made - options.ClockSkewMax;
            if (marks.Covers(made, from) || marks.TryGet(append, out _))
                return;
            marks.LookAgain();
            marks.SeenFrom(await HubRetry.AskAsync(hub, $"be searched for an append in partition {id}", options, time, async () =>
            {
                await LookAsync(from, marks, cancellationToken);
                return from;
            }, cancellationToken));
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async ValueTask LookAsync(DateTimeOffset from, HubMarks marks, CancellationToken cancellationToken)
    {
        // What comes later will be seen.
        var end = await hub.DescribeAsync(id, cancellationToken);
        var at = !end.IsEmpty && end.LastEnqueuedTime >= from ? -1 : end.LastEnqueuedSequenceNumber;
        await using var receiver = hub.Receive(id, HubPosition.From(from), options.ReceiveEventsMax);
        while (at < end.LastEnqueuedSequenceNumber)
        {
            var events = await receiver.ReceiveAsync(options.ReceiveEventsMax, options.RetryAfterMax, cancellationToken);
            if (events.Count == 0)
                throw new TimeoutException("nothing came, though something is there");
            foreach (var data in events)
                if (HubEvent.AppendOf(data) is { } other)
                    marks.Seen(other, data.SequenceNumber);
            at = events[^1].SequenceNumber;
        }
    }
}
