namespace Kappa.Views;

/// <summary>How a retry ended.</summary>
public enum RetryStatus
{
    /// <summary>All held events were applied; nothing is held any more.</summary>
    Released,

    /// <summary>It stopped again; the rest is still held.</summary>
    StillQuarantined,

    /// <summary>Nothing was quarantined there.</summary>
    NotQuarantined,
}

/// <summary>What a retry did: how many held events were applied, how many are still held, and why it stopped again (or null).</summary>
public sealed record RetryResult(RetryStatus Status, long Applied, long Held, Quarantine? Quarantined);
