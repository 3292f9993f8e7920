using Kappa.Views;

namespace Kappa.Engine.Builds;

/// <summary>Starts the runner of a build with the view's state type; null if the build is of no use and cannot be folded anew.</summary>
internal sealed class RunnerStarter(EngineContext context, BuildDirectory build, bool isServing) : IViewVisitor<ViewRunner?>
{
    public ViewRunner? Visit<TState>(View<TState> view) where TState : class, IViewState<TState> => ViewRunner<TState>.Start(context, view, build, isServing);
}
