namespace Kappa.Views;

/// <summary>How an exception of an author's code is told to people.</summary>
public static class FoldFailure
{
    /// <summary>An exception as a reason of a quarantine: its type and message, on one line.</summary>
    public static string Describe(Exception exception) =>
        $"{exception.GetType().Name}: {exception.Message}".ReplaceLineEndings(" ");
}
