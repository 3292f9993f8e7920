namespace Kappa.Engine.Instances;

/// <summary>One instance of a commit, ready to be made visible.</summary>
internal readonly record struct Published(InstanceEntry Entry, CommittedInstance Committed);
