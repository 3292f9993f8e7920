namespace Kappa.Events;

/// <summary>
/// Why one event was refused: its index in the request, the field at fault (<c>data.lines[2].quantity</c>; empty for the
/// event as a whole), and the reason with what to do about it.
/// </summary>
public sealed record EventProblem(int Index, string Field, string Reason)
{
    public override string ToString() => Field.Length == 0 ? $"events[{Index}]: {Reason}" : $"events[{Index}].{Field}: {Reason}";
}
