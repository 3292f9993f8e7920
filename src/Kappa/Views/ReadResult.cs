namespace Kappa.Views;

/// <summary>How a read ended.</summary>
public enum ReadStatus
{
    Found,

    /// <summary>There is no such instance (or it was deleted), at or after the receipt if one was given.</summary>
    NotFound,

    /// <summary>The view had not reached the receipt when the time to wait was over.</summary>
    NotYet,

    /// <summary>The receipt lies past the event at which the instance is quarantined: waiting will not help.</summary>
    PastQuarantine,
}

/// <summary>What a read gives. The envelope is there when found, and past a quarantine (the last good state).</summary>
public readonly record struct ReadResult(ReadStatus Status, ViewEnvelope? Envelope);
