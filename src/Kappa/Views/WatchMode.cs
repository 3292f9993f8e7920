namespace Kappa.Views;

/// <summary>What a watch delivers.</summary>
public enum WatchMode
{
    /// <summary>The newest state; a slow watcher gets fewer, and always the last one.</summary>
    Latest,

    /// <summary>Every version in order.</summary>
    Every,
}
