namespace Kappa.Events;

/// <summary>An event's data does not fit its registered type. Names the field (a JSON path such as <c>lines[2].quantity</c>) and the reason.</summary>
public sealed class EventDataException(string field, string reason, Exception? cause = null)
    : FormatException($"{field}: {reason}", cause)
{
    public string Field { get; } = field;
    public string Reason { get; } = reason;
}
