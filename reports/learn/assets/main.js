// Starts every lesson of the page.
import { startMatch } from "./lessons/match.js";
import { startConvolve } from "./lessons/convolve.js";
import { startPool } from "./lessons/pool.js";
import { startStack } from "./lessons/stack.js";
import { startVotes } from "./lessons/votes.js";
import { startNeuron } from "./lessons/neuron.js";
import { startCamera } from "./lessons/camera.js";
import { startDescent } from "./lessons/descent.js";
import { startChain } from "./lessons/chain.js";
import { startShapes } from "./lessons/shapes.js";
import { startDraw } from "./lessons/draw.js";
import { startSound } from "./lessons/sound.js";
import { startText } from "./lessons/text.js";
import { startShuffle } from "./lessons/shuffle.js";

const stored = (name) => JSON.parse(document.getElementById(`data-${name}`).textContent);

for (const start of [startMatch, startConvolve, startPool, startStack, startVotes, startNeuron, startCamera, startDescent, startChain, startShapes, startSound, startText]) start();
startDraw(stored("network"));
startShuffle(stored("shuffles"));
