namespace Kappa.Events;

/// <summary>How reading a request ended. Unless it is <see cref="Ok"/>, the batch is as it was before.</summary>
public enum EventReadResult
{
    /// <summary>All events are in the batch.</summary>
    Ok,

    /// <summary>At least one event, or the request as a whole, does not conform; the problems say which and why.</summary>
    Invalid,

    /// <summary>An event is larger than one may be; the problem says which.</summary>
    TooLarge,

    /// <summary>The request holds more events than one may.</summary>
    TooMany,
}
