using Azure.Messaging.EventHubs;
using Kappa.Log;

namespace Kappa.Silo.EventHubs;

/// <summary>The one receive that follows the end.</summary>
internal sealed partial class HubTail
{
    private async Task FollowAsync(long at)
    {
        if (_window.Next != at)
            _window.Clear();
        var (delay, isOver) = (options.RetryAfter, false);
        while (!isOver)
            try
            {
                await using var receiver = hub.Receive(id, HubPosition.From(at), options.ReceiveEventsMax);
                while (!(isOver = IsIdle()))
                {
                    var events = await receiver.ReceiveAsync(options.ReceiveEventsMax, options.ReceiveWait, _stop.Token);
                    (Problem, delay) = (null, options.RetryAfter);
                    if (events.Count > 0)
                        at = await TakeAsync(events, at);
                }
            }
            catch (Exception) when (isOver || _stop.IsCancellationRequested)
            {
                // Nobody needs it any more, so nobody needs to know how it closed.
                return;
            }
            catch (LogCorruptException e)
            {
                // It stays that way, and nobody should wait for what never comes.
                Problem = e.Message;
                _signal.End(() => new LogCorruptException(e.Message, e));
                _marks.End(() => new LogCorruptException(e.Message, e));
                return;
            }
            catch (Exception e)
            {
                // Whatever it is, waits must not end in silence: it is told, and tried again.
                Problem = HubFailure.Of(e, hub.Name, $"be followed at the end of partition {partition}").Message;
                if (!await PausedAsync(delay))
                    return;
                delay = options.Next(delay);
            }
    }

    /// <summary>Ends the following if nobody has asked for long; what stood in its way is nobody's problem then.</summary>
    private bool IsIdle()
    {
        lock (_lock)
        {
            if (_stop.IsCancellationRequested)
                return true;
            if (_waiting > 0 || time.GetElapsedTime(_asked) < options.IdleAfter)
                return false;
            (_follows, Problem) = (false, null);
            return true;
        }
    }

    private async Task<bool> PausedAsync(TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, time, _stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async ValueTask<long> TakeAsync(IReadOnlyList<EventData> events, long at)
    {
        events = HubOrder.From(at, events);
        if (events.Count == 0)
            return at;
        if (events[0].SequenceNumber > at)
        {
            Observe(await hub.DescribeAsync(id, _stop.Token));
            HubOrder.ThrowIfHole(hub.Name, partition, at, events[0].SequenceNumber, First);
            // Retention was faster than we were: what is gone may be in the capture.
            _window.Clear();
        }
        var recorded = mapping.Map(events, partition);
        foreach (var data in events)
            if (HubEvent.AppendOf(data) is { } append)
                _marks.Seen(append, data.SequenceNumber);
        _window.Add(recorded);
        var next = recorded[^1].Position.Sequence + 1;
        Observe(0, next);
        return next;
    }
}
