using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Rooms;

namespace Telemedicine.Signalling.Tests;

/// <summary>When what a connection carries goes down and up: every course of the connection of a certain length is tried.</summary>
public sealed class LadderTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    private static readonly LinkReading Good = new(0, TimeSpan.FromMilliseconds(40), false);
    private static readonly LinkReading Fair = new(0.06, TimeSpan.FromMilliseconds(40), false);
    private static readonly LinkReading Poor = new(0.2, TimeSpan.FromMilliseconds(300), false);
    private static readonly LinkReading Starved = new(0, TimeSpan.FromMilliseconds(40), true);
    private static readonly LinkReading Nothing = new(null, null, false);

    private static readonly LinkReading[] Kinds = [Good, Fair, Poor, Starved, Nothing];

    private readonly Ladder _ladder = new();
    private DateTimeOffset _now = Start;

    public static TheoryData<LinkReading, CallStep> Courses => new()
    {
        { Good, CallStep.Video },
        { Fair, CallStep.Video },
        { Nothing, CallStep.Video },
        { new(Ladder.GoodLoss, null, false), CallStep.Video },
        { new(Ladder.PoorLoss, null, false), CallStep.LowVideo },
        { new(0, Ladder.PoorRoundTrip, false), CallStep.LowVideo },
        { new(0, Ladder.GoodRoundTrip, false), CallStep.Video },
        { Poor, CallStep.LowVideo },
        { new(Ladder.BadLoss, null, false), CallStep.Audio },
        { new(1, null, false), CallStep.Audio },
        { Starved, CallStep.Audio },
        { new(null, null, true), CallStep.Audio },
    };

    [Theory]
    [MemberData(nameof(Courses))]
    public void A_connection_that_stays_as_it_is_comes_to_what_it_carries_and_no_further(LinkReading reading, CallStep step)
    {
        Pass(reading, TimeSpan.FromMinutes(10));

        Assert.Equal(step, _ladder.Step);
    }

    [Fact]
    public void It_goes_down_one_step_at_a_time_after_some_seconds_each()
    {
        Pass(Starved, Ladder.DownAfter);
        Assert.Equal(CallStep.Video, _ladder.Step);
        Pass(Starved, Look);
        Assert.Equal(CallStep.LowVideo, _ladder.Step);
        Pass(Starved, Ladder.DownAfter + Look);
        Assert.Equal(CallStep.Audio, _ladder.Step);
    }

    [Fact]
    public void It_goes_up_one_step_at_a_time_after_longer()
    {
        GoDown();

        Pass(Good, Ladder.UpAfter);
        Assert.Equal(CallStep.Audio, _ladder.Step);
        Pass(Good, Look);
        Assert.Equal(CallStep.LowVideo, _ladder.Step);
        Pass(Good, Ladder.UpAfter + Look);
        Assert.Equal(CallStep.Video, _ladder.Step);
    }

    [Fact]
    public void Whoever_loses_much_comes_up_to_a_small_picture_and_not_to_video()
    {
        GoDown();

        Pass(Poor, TimeSpan.FromMinutes(5));

        Assert.Equal(CallStep.LowVideo, _ladder.Step);
    }

    [Fact]
    public void A_bad_moment_is_no_reason_and_a_good_one_is_none_either()
    {
        for (var times = 0; times < 50; times++)
        {
            Pass(Starved, Ladder.DownAfter);
            Pass(Good, Look);
        }
        Assert.Equal(CallStep.Video, _ladder.Step);
        GoDown();
        for (var times = 0; times < 50; times++)
        {
            Pass(Good, Ladder.UpAfter);
            Pass(Fair, Look);
        }
        Assert.Equal(CallStep.Audio, _ladder.Step);
    }

    [Fact]
    public void Too_few_packets_to_say_anything_neither_help_nor_hurt()
    {
        for (var looks = 0; looks < 4; looks++)
        {
            Pass(Poor, Look);
            Pass(Nothing, Look);
        }

        Assert.Equal(CallStep.LowVideo, _ladder.Step);
    }

    [Fact]
    public void Each_attempt_that_was_too_much_makes_the_next_one_wait_twice_as_long_up_to_five_minutes()
    {
        GoDown();
        var waited = new List<TimeSpan>();
        for (var attempts = 0; attempts < 7; attempts++)
        {
            waited.Add(_ladder.Patience);
            Pass(Good, _ladder.Patience + Look);
            Assert.Equal(CallStep.LowVideo, _ladder.Step);
            Pass(Starved, Ladder.DownAfter + Look);
            Assert.Equal(CallStep.Audio, _ladder.Step);
        }

        Assert.Equal([20, 40, 80, 160, 300, 300, 300], waited.Select(patience => patience.TotalSeconds));
    }

    [Fact]
    public void A_connection_that_has_stayed_good_is_trusted_as_at_first()
    {
        GoDown();
        Pass(Good, _ladder.Patience + Look);
        Pass(Starved, Ladder.DownAfter + Look);
        Assert.Equal(TimeSpan.FromSeconds(40), _ladder.Patience);

        Pass(Good, TimeSpan.FromMinutes(5));

        Assert.Equal((CallStep.Video, Ladder.UpAfter), (_ladder.Step, _ladder.Patience));
    }

    [Fact]
    public void Whoever_keeps_their_video_on_sends_a_small_picture_at_least()
    {
        GoDown();

        Assert.True(_ladder.Look(_now, Starved, CallStep.LowVideo));
        Assert.Equal(CallStep.LowVideo, _ladder.Step);
        Pass(Starved, TimeSpan.FromMinutes(2), CallStep.LowVideo);
        Assert.Equal(CallStep.LowVideo, _ladder.Step);
        Pass(Starved, Ladder.DownAfter + Look);
        Assert.Equal(CallStep.Audio, _ladder.Step);
    }

    /// <summary>All courses of eight spans of eight seconds: 390,625. Eight seconds are just enough to go down, three of them to go up.</summary>
    [Fact]
    public void Whatever_happens_it_moves_one_step_with_reason_and_never_to_the_telephone()
    {
        const int Spans = 8;
        var courses = (int)Math.Pow(Kinds.Length, Spans);
        for (var course = 0; course < courses; course++)
        {
            var ladder = new Ladder();
            var now = Start;
            var (worse, better) = (TimeSpan.Zero, TimeSpan.Zero);
            var rest = course;
            for (var span = 0; span < Spans; span++, rest /= Kinds.Length)
            {
                var kind = Kinds[rest % Kinds.Length];
                for (var look = 0; look < 4; look++)
                {
                    var before = ladder.Step;
                    now += Look;
                    var moved = ladder.Look(now, kind);
                    var step = ladder.Step;
                    if (moved != (step != before) || Math.Abs(step - before) > 1 || step > CallStep.Audio)
                        Assert.Fail($"Course {course}: from {before} to {step}, said {moved}.");
                    if (step > before && kind != Poor && kind != Starved)
                        Assert.Fail($"Course {course}: down without reason.");
                    if (step < before && kind != Good && !(kind == Poor && before == CallStep.Audio))
                        Assert.Fail($"Course {course}: up without reason.");
                    // What says nothing breaks no span, and time passes all the same.
                    worse = kind == Poor || kind == Starved || (kind == Nothing && worse > TimeSpan.Zero) ? worse + Look : TimeSpan.Zero;
                    better = kind == Good || kind == Poor || (kind == Nothing && better > TimeSpan.Zero) ? better + Look : TimeSpan.Zero;
                    if (step > before && worse < Ladder.DownAfter)
                        Assert.Fail($"Course {course}: down too soon.");
                    if (step < before && better < Ladder.UpAfter)
                        Assert.Fail($"Course {course}: up too soon.");
                }
            }
        }
    }

    private void GoDown()
    {
        Pass(Starved, 2 * (Ladder.DownAfter + Look));
        Assert.Equal(CallStep.Audio, _ladder.Step);
    }

    private void Pass(LinkReading reading, TimeSpan time, CallStep lowest = CallStep.Audio)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Look)
        {
            _now += Look;
            _ladder.Look(_now, reading, lowest);
        }
    }
}
