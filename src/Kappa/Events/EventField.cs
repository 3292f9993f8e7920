namespace Kappa.Events;

/// <summary>The variable-length fields of an <see cref="EventRecord"/>, in the order in which they stand.</summary>
public enum EventField
{
    Id,
    Source,
    Type,
    Subject,
    Time,
    DataContentType,
    DataSchema,
    Extensions,
}
