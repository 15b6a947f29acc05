using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Telemedicine.Clinical.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class CallQuality : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "CallQuality",
                columns: table => new
                {
                    Session = table.Column<Guid>(type: "TEXT", nullable: false),
                    Direction = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Source = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    PracticeId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ConsultationId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PersonId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Role = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Figures_Bitrate = table.Column<long>(type: "INTEGER", nullable: false),
                    Figures_Freezes = table.Column<int>(type: "INTEGER", nullable: false),
                    Figures_Layer = table.Column<int>(type: "INTEGER", nullable: true),
                    Figures_Packets = table.Column<long>(type: "INTEGER", nullable: false),
                    Figures_PacketsLost = table.Column<long>(type: "INTEGER", nullable: false),
                    Figures_PausedSeconds = table.Column<double>(type: "REAL", nullable: false),
                    Figures_RoundTripMs = table.Column<double>(type: "REAL", nullable: true),
                    Figures_Seconds = table.Column<double>(type: "REAL", nullable: false),
                    Figures_WorstJitterMs = table.Column<double>(type: "REAL", nullable: false),
                    Figures_WorstLoss = table.Column<double>(type: "REAL", nullable: false),
                    Figures_WorstRoundTripMs = table.Column<double>(type: "REAL", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CallQuality", x => new { x.Session, x.Direction, x.Source });
                });

            migrationBuilder.CreateIndex(
                name: "IX_CallQuality_ConsultationId",
                table: "CallQuality",
                column: "ConsultationId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "CallQuality");
        }
    }
}
