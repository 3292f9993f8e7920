namespace Kappa.Events;

/// <summary>
/// An event's data does not fit its registered type. Decoders name the field as a path from the event
/// (<c>data.lines[2].quantity</c>; <c>data</c> for the data as a whole) and say in the reason what to do, as in
/// <c>must be a whole number</c>.
/// </summary>
public sealed class EventDataException(string field, string reason, Exception? cause = null)
    : FormatException($"{field}: {reason}", cause)
{
    public string Field { get; } = field;
    public string Reason { get; } = reason;
}
