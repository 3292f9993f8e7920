using Kappa.Log;

namespace Kappa.Silo.EventHubs;

/// <summary>The bounds of a log on Event Hubs.</summary>
public sealed record EventHubLogOptions
{
    /// <summary>The limits of an append and of what may wait to be sent, per partition. An event must also fit a message of the hub (1 MiB, less what its names take).</summary>
    public LogOptions Limits { get; init; } = new();

    /// <summary>How many readers behind the end a partition may have at once, beside the one that follows its end. The service
    /// allows five per partition and consumer group, of all processes together.</summary>
    public int ReadersMax { get; init; } = 2;

    /// <summary>How many bytes of a partition's newest events are kept in memory, so that all who follow it share one reader.</summary>
    public long WindowBytesMax { get; init; } = 4 << 20;

    /// <summary>How many events one receive asks for at most.</summary>
    public int ReceiveEventsMax { get; init; } = 500;

    /// <summary>How long one receive waits at the end of a partition.</summary>
    public TimeSpan ReceiveWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the hub is asked where partitions begin and end, while nobody reads there.</summary>
    public TimeSpan RefreshEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A reader that nobody asked for so long is closed, and leaves its place to other processes.</summary>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a batch is sent again before its appends fail.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a read tries again before it fails.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The first pause after a failure; it doubles up to <see cref="RetryAfterMax"/>.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan RetryAfterMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How far the clocks of two machines may differ, and an event be on its way.</summary>
    public TimeSpan ClockSkewMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Of how many appends of a partition it is remembered where their events stand. A receipt of an older one has its part of the hub read again.</summary>
    public int MarksMax { get; init; } = 1 << 16;

    /// <summary>Makes the id of an append. Ids tell their time (UUID version 7), so that a reader that starts later knows where to look.</summary>
    public Func<TimeProvider, Guid> NewAppend { get; init; } = time => Guid.CreateVersion7(time.GetUtcNow());

    /// <summary>The pause that follows one of a length.</summary>
    internal TimeSpan Next(TimeSpan pause) => 2 * pause < RetryAfterMax ? 2 * pause : RetryAfterMax;
}
