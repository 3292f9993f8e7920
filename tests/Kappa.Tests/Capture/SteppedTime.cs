namespace Kappa.Tests.Capture;

/// <summary>A clock that goes on only when it is told to, and then rings every timer that is due.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private readonly List<Ringing> _timers = [];
    private readonly TaskCompletionSource _isAwaited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _now = new(2026, 1, 3, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Done once there is a timer to ring.</summary>
    public Task IsAwaited => _isAwaited.Task;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Ringing(() => callback(state)) { Due = _now + dueTime, Period = period };
        _timers.Add(timer);
        _isAwaited.TrySetResult();
        return timer;
    }

    public void Pass(TimeSpan time)
    {
        _now += time;
        foreach (var timer in _timers.Where(timer => timer.Due <= _now).ToArray())
        {
            timer.Due += timer.Period;
            timer.Ring();
        }
    }

    private sealed class Ringing(Action ring) : ITimer
    {
        public DateTimeOffset Due { get; set; }
        public TimeSpan Period { get; set; }

        public void Ring() => ring();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => Due = DateTimeOffset.MaxValue;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
