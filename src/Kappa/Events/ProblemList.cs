namespace Kappa.Events;

/// <summary>The problems of one request, bounded, with the index of the event at hand.</summary>
internal struct ProblemList(List<EventProblem> problems)
{
    /// <summary>More of them help nobody, and a hostile request must not buy memory with them.</summary>
    public const int ProblemsMax = 100;

    private readonly int _before = problems.Count;
    private int _beforeEvent = problems.Count;
    private int _index;

    /// <summary>The index of the event being read.</summary>
    public int Index
    {
        readonly get => _index;
        set
        {
            _index = value;
            _beforeEvent = problems.Count;
        }
    }

    /// <summary>True if the event being read has a problem.</summary>
    public readonly bool HasAny => problems.Count > _beforeEvent;

    public readonly int Count => problems.Count - _before;
    public readonly bool IsFull => Count >= ProblemsMax;

    public readonly void Add(string field, string reason)
    {
        if (!IsFull)
            problems.Add(new EventProblem(Index, field, reason));
    }
}
