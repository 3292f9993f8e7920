namespace Kappa.Contracts;

/// <summary>A clock that stands still until it is set, forward or back.</summary>
public sealed class ManualTime(DateTimeOffset now) : TimeProvider
{
    public static DateTimeOffset Start { get; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public ManualTime() : this(Start) { }

    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
