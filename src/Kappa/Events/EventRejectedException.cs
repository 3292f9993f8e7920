namespace Kappa.Events;

/// <summary>An event made in code does not conform; nothing of it was taken. Names every problem that was found.</summary>
public sealed class EventRejectedException(IReadOnlyList<EventProblem> problems)
    : ArgumentException(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<EventProblem> Problems { get; } = problems;
}
