namespace Kappa.Events;

/// <summary>What an event's data bytes are.</summary>
public enum EventDataKind : byte
{
    /// <summary>The event has no data.</summary>
    None = 0,

    /// <summary>One JSON value, as it was sent.</summary>
    Json = 1,

    /// <summary>Any bytes; <c>data_base64</c> in CloudEvents JSON.</summary>
    Binary = 2,
}
