namespace Kappa.Web.Api;

/// <summary>What a host knows of its log that readers and writers need not: whether it still takes events everywhere.</summary>
public interface ILogProblems
{
    /// <summary>One sentence for each partition that has stopped; empty while all work. Thread-safe and cheap.</summary>
    IReadOnlyList<string> Current { get; }

    /// <summary>One sentence for each partition that could not be captured the last time; nothing is lost by that, but nothing retired either.</summary>
    IReadOnlyList<string> OfCapture { get; }
}
