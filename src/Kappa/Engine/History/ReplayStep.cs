using Kappa.Events;

namespace Kappa.Engine.History;

/// <summary>One version of an instance, folded again: the event that led to it, and the stored state before and after (null: none). Valid until the next step.</summary>
internal readonly record struct ReplayStep(long Version, RecordedEvent Recorded, byte[]? Before, byte[]? After);
