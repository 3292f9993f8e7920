using Kappa.Events;

namespace Kappa.Views.Checks;

/// <summary>Is shown an event, whose bytes are there during the call only.</summary>
internal delegate void RecordedVisitor(in RecordedEvent recorded);
