namespace Kappa.Events;

/// <summary>Why one event was refused: its index in the request, the field at fault, and the reason in a sentence.</summary>
public sealed record EventProblem(int Index, string Field, string Reason)
{
    public override string ToString() => $"events[{Index}].{Field}: {Reason}";
}
