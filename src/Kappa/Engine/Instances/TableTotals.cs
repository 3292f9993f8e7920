namespace Kappa.Engine.Instances;

/// <summary>Instances that have a state; events applied; instances quarantined; events held for them.</summary>
internal readonly record struct TableTotals(long Instances, long Applied, long Quarantined, long Held);
