namespace Kappa.Views;

/// <summary>How a view is doing.</summary>
public enum ViewStatus
{
    /// <summary>Folding events as they come.</summary>
    Live,

    /// <summary>Folding what the log already holds; reads are served but lag behind.</summary>
    CatchingUp,

    /// <summary>The fold no longer does what it did, though the version is the same: states may be a mixture. See the problem.</summary>
    Suspect,

    /// <summary>The code of the version that serves is not registered any more: its last states are served until another build is promoted.</summary>
    Stale,

    /// <summary>Stopped; see the problem. What was committed is still served.</summary>
    Failed,
}
