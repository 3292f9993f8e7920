using Kappa.Engine.Folding;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Engine;

/// <summary>What all runners of an engine share, which is only the log and what they are given at start.</summary>
internal sealed record EngineContext(ILogReader Log, long LogId, EventTypes Types, EngineOptions Options, IDisk Disk, TimeProvider Time, WatchBudget Watches,
    RebuildPace Pace, FlushLine Flushes);
