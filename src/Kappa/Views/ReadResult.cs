using Kappa.Log;

namespace Kappa.Views;

/// <summary>How a read ended.</summary>
public enum ReadStatus
{
    Found,

    /// <summary>There is no such instance (or it was deleted), at or after the receipt, or as of the moment, if one was given.</summary>
    NotFound,

    /// <summary>The view had not reached the receipt (or the moment to read as of) when the time to wait was over.</summary>
    NotYet,

    /// <summary>The receipt (or the moment to read as of) lies past the event at which the instance is quarantined: waiting will not help.</summary>
    PastQuarantine,
}

/// <summary>What a read gives. The envelope is there when found, and past a quarantine (the last good state).</summary>
public readonly record struct ReadResult(ReadStatus Status, ViewEnvelope? Envelope)
{
    /// <summary>The cut that a read as of a time or cut went by; null for other reads.</summary>
    public Cut? Cut { get; init; }
}
