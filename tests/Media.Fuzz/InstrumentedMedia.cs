using System.Reflection;
using System.Runtime.Loader;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;
using MethodBody = Mono.Cecil.Cil.MethodBody;

namespace Telemedicine.Media.Fuzz;

/// <summary>Loads the media library with a counter at the head of every block of its code, so that the fuzzer knows an input that reaches something new.</summary>
internal static class InstrumentedMedia
{
    private const string Name = "Telemedicine.Media";

    /// <summary>To be called before anything of the library is used.</summary>
    public static void Install() => AssemblyLoadContext.Default.Resolving += (context, name) => name.Name == Name ? Load(context) : null;

    private static Assembly Load(AssemblyLoadContext context)
    {
        using var module = ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, "target", Name + ".dll"));
        var hit = module.ImportReference(typeof(Coverage).GetMethod(nameof(Coverage.Hit)));
        var blocks = 0;
        foreach (var method in module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody))
            blocks = Instrument(method.Body, hit, blocks);
        Coverage.Blocks = blocks;
        var image = new MemoryStream();
        module.Write(image);
        image.Position = 0;
        return context.LoadFromStream(image);
    }

    private static int Instrument(MethodBody body, MethodReference hit, int block)
    {
        body.SimplifyMacros();
        var processor = body.GetILProcessor();
        foreach (var head in Heads(body))
        {
            // The head itself becomes the counter's first instruction, and a copy of it follows: whatever jumps here counts.
            var moved = Instruction.Create(OpCodes.Nop);
            (moved.OpCode, moved.Operand) = (head.OpCode, head.Operand);
            (head.OpCode, head.Operand) = (OpCodes.Ldc_I4, block++);
            var call = processor.Create(OpCodes.Call, hit);
            processor.InsertAfter(head, call);
            processor.InsertAfter(call, moved);
        }

        body.OptimizeMacros();
        return block;
    }

    private static HashSet<Instruction> Heads(MethodBody body)
    {
        HashSet<Instruction> heads = [body.Instructions[0]];
        foreach (var instruction in body.Instructions)
        {
            if (instruction.Operand is Instruction target)
                heads.Add(target);
            else if (instruction.Operand is Instruction[] targets)
                heads.UnionWith(targets);
            if (instruction.OpCode.FlowControl == FlowControl.Cond_Branch)
                heads.Add(instruction.Next);
        }

        return heads;
    }
}
