namespace Kappa.Views;

/// <summary>How a view is doing.</summary>
public enum ViewStatus
{
    /// <summary>Folding events as they come.</summary>
    Live,

    /// <summary>Folding what the log already holds; reads are served but lag behind.</summary>
    CatchingUp,

    /// <summary>Stopped; see the problem. What was committed is still served.</summary>
    Failed,
}
