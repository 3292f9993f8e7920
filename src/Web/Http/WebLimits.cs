using Kappa.Events;

namespace Kappa.Web.Http;

/// <summary>The bounds that the HTTP side keeps, whatever engine stands behind it.</summary>
public sealed record WebLimits
{
    /// <summary>The largest body of an append.</summary>
    public int RequestBytesMax { get; init; } = 8 << 20;

    /// <summary>The most events in one append.</summary>
    public int RequestEventsMax { get; init; } = 10_000;

    /// <summary>The largest event.</summary>
    public int EventBytesMax { get; init; } = 1 << 20;

    /// <summary>What becomes of events whose type nobody registered.</summary>
    public UnknownTypes UnknownTypes { get; init; }

    /// <summary>How many bytes of bodies may be held at once, over all appends.</summary>
    public long BodiesBytesMax { get; init; } = 256L << 20;

    /// <summary>How long a body may take to arrive.</summary>
    public TimeSpan BodyTimeMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The most watches at once, over Server-Sent Events and the hub.</summary>
    public int WatchersMax { get; init; } = 10_000;

    /// <summary>How often a watch by Server-Sent Events sends a comment, so that nobody in between takes it for dead.</summary>
    public TimeSpan CommentEvery { get; init; } = TimeSpan.FromSeconds(15);
}
