namespace Kappa.Web.Demo;

/// <summary>An event record on its way into the log, with its id and its subject.</summary>
internal sealed record DemoEvent(object Record, string Id, string Subject);
