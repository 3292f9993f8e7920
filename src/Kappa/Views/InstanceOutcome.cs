namespace Kappa.Views;

/// <summary>What an instance did with an event that was given to it.</summary>
public enum InstanceOutcome
{
    /// <summary>Folded into the state; the version went up by one.</summary>
    Applied,

    /// <summary>It had this position already; nothing changed.</summary>
    AlreadyApplied,

    /// <summary>The instance is quarantined: the event is held, in order.</summary>
    Held,

    /// <summary>The fold threw. The state may be half changed: throw the instance away, load the last good one and quarantine that.</summary>
    Threw,
}
